/** Where the processes of a benchmark meet: a temporary folder for what they exchange, and our compiled program. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDoubles } from './arrays.js'
import type { BenchmarkCase } from './benchmark-case.js'
import { buildOurs } from './build.js'
import { compareDensities, type DensityComparison } from './compare-densities.js'
import type { OursJob, OursResult } from './ours-job.js'
import { runPeer } from './peer.js'

export interface Workplace {
  /** Of files that the processes exchange. */
  readonly folder: string
  /** The compiled `ours.ts`. */
  readonly program: string
}

/** Compiles ours, and takes the folder away again at the end. */
export async function withWorkplace(work: (workplace: Workplace) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'poolite-benchmark-'))
  try {
    await work({ folder, program: buildOurs() })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @throws Error with what the process wrote when it fails. */
export function runOurs(program: string, job: OursJob): OursResult {
  const jobFile = `${job.result}.job`
  writeFileSync(jobFile, JSON.stringify(job))
  const run = spawnSync(process.execPath, ['--expose-gc', program, jobFile], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`measuring ${job.name} failed:\n${run.stderr}`)
  return JSON.parse(readFileSync(job.result, 'utf8')) as OursResult
}

interface NamedCase {
  readonly name: string
  readonly benchmarkCase: BenchmarkCase
  readonly kit?: string
}

/** @throws Error when the two have different dimensions. */
export function compareWithPeer({ name, benchmarkCase, kit }: NamedCase, { folder, program }: Workplace): DensityComparison {
  console.error(`${name}, comparing densities (the first time, Stan is compiled)`)
  const file = (part: string) => join(folder, part)
  const [pointsFile, oursFile, answersFile] = [file('points.bin'), file('ours.bin'), file('peer.bin')]
  const source = { name, ...(kit === undefined ? {} : { kit }) }
  const job: OursJob = { ...source, task: 'points', result: file('ours.json'), pointsFile, answersFile: oursFile }
  const { dimension } = runOurs(program, job)
  const count = readDoubles(pointsFile).length / dimension
  const peer = runPeer(benchmarkCase, folder, { points: { file: pointsFile, count, dimension, answersFile }, seed: 1 })
  if (peer.dimension !== dimension) throw new Error(`${name} has ${dimension} dimensions here and ${peer.dimension} in Stan`)
  return compareDensities(readDoubles(oursFile), readDoubles(answersFile), dimension)
}
