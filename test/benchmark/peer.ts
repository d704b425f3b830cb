/** Runs the peer, Stan through R's rstan, on one case. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readDoubles, writeDoubles } from './arrays.js'
import type { BenchmarkCase, PeerData } from './benchmark-case.js'
import { CHAIN_COUNT, type ChainLengths, CORE_COUNT, convergence, type SamplingMeasure } from './measure-sampling.js'

const PROGRAMS = fileURLToPath(new URL('./peers/', import.meta.url))
/** Compiled programs are kept here between runs: compiling one takes a minute or two. */
const CACHE = join(tmpdir(), 'poolite-benchmark-stan')

export interface PeerResult {
  readonly version: string
  readonly dimension: number
  /** Processor microseconds per leapfrog step. */
  readonly microsecondsPerLeapfrog?: number
  readonly sampling?: SamplingMeasure
}

export interface PeerTask {
  /** `[point, dimension]`; the answers, value then gradient for each, are written to `answersFile`. */
  readonly points?: { readonly file: string; readonly count: number; readonly dimension: number; readonly answersFile: string }
  /** Time the leapfrog steps of one chain. */
  readonly isTimed?: boolean
  /** Run four chains of this length, for a case that is sampled. */
  readonly lengths?: ChainLengths
  readonly seed: number
}

export function isPeerInstalled(): boolean {
  const found = spawnSync('Rscript', ['-e', 'library(rstan); library(jsonlite)'], { stdio: 'ignore' })
  return found.status === 0
}

/** @throws Error with the end of R's output when R fails. */
export function runPeer(
  { peer, sampling }: BenchmarkCase,
  folder: string,
  { points, isTimed, lengths, seed }: PeerTask,
): PeerResult {
  mkdirSync(CACHE, { recursive: true })
  const result = join(folder, 'peer-result.json')
  const drawsFile = join(folder, 'peer-draws.bin')
  const job = {
    program: cachedProgram(peer.program),
    data: writeData(folder, peer.data()),
    result,
    seed,
    ...(points ? { points: { file: points.file, shape: [points.count, points.dimension], answers: points.answersFile } } : {}),
    ...(isTimed ? { chain: { ...peer.chain, targetAcceptance: 0.8 } } : {}),
    ...(lengths && sampling ? { sampling: { ...sampling, ...lengths, maximumTreeDepth: 10, drawsFile } } : {}),
  }
  const jobFile = join(folder, 'peer-job.json')
  writeFileSync(jobFile, JSON.stringify(job))
  const run = spawnSync('Rscript', [join(PROGRAMS, 'run.R'), jobFile], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (run.status !== 0) throw new Error(`R failed on ${peer.program}:\n${`${run.stdout}\n${run.stderr}`.slice(-3000)}`)
  return readResult(result, drawsFile, lengths?.draws)
}

interface RawResult {
  readonly version: string
  readonly dimension: number
  readonly chain?: { readonly seconds: number; readonly leapfrogCount: number }
  readonly sampling?: {
    readonly chainSeconds: readonly number[]
    readonly quantityCount: number
    readonly leapfrogCount: number
    readonly gradientCount: number
    readonly divergences: number
  }
}

function readResult(file: string, drawsFile: string, drawCount = 0): PeerResult {
  const { version, dimension, chain, sampling } = JSON.parse(readFileSync(file, 'utf8')) as RawResult
  return {
    version,
    dimension,
    ...(chain ? { microsecondsPerLeapfrog: (1e6 * chain.seconds) / chain.leapfrogCount } : {}),
    ...(sampling ? { sampling: samplingMeasure(sampling, readDoubles(drawsFile), drawCount) } : {}),
  }
}

/** @param draws `[chain, quantity, draw]` */
function samplingMeasure(raw: NonNullable<RawResult['sampling']>, draws: Float64Array, drawCount: number): SamplingMeasure {
  const quantities = Array.from({ length: raw.quantityCount }, (_, quantity) =>
    Array.from({ length: CHAIN_COUNT }, (_, chain) => {
      const start = (chain * raw.quantityCount + quantity) * drawCount
      return draws.subarray(start, start + drawCount)
    }),
  )
  // mclapply deals the chains to the cores in turn.
  const perCore = Array.from({ length: CORE_COUNT }, (_, core) =>
    raw.chainSeconds.filter((_, chain) => chain % CORE_COUNT === core).reduce((sum, seconds) => sum + seconds, 0),
  )
  return {
    ...convergence(quantities),
    wallSeconds: Math.max(...perCore),
    processorSeconds: perCore.reduce((sum, seconds) => sum + seconds),
    leapfrogCount: raw.leapfrogCount,
    gradientCount: raw.gradientCount,
    divergences: raw.divergences,
  }
}

/** rstan keeps a compiled program beside its source, so the source is copied to the cache; it recompiles when the text has changed. */
function cachedProgram(name: string): string {
  const source = join(PROGRAMS, `${name}.stan`)
  const copy = join(CACHE, `${name}.stan`)
  if (!existsSync(copy) || readFileSync(copy, 'utf8') !== readFileSync(source, 'utf8')) copyFileSync(source, copy)
  return copy
}

function writeData(folder: string, data: PeerData) {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (typeof value === 'number') return [name, value]
      const { values, shape } = value instanceof Float64Array ? { values: value, shape: [value.length] } : value
      const file = join(folder, `peer-data-${name}.bin`)
      writeDoubles(file, values)
      return [name, { file, shape }]
    }),
  )
}
