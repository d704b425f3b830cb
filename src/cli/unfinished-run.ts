import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { CheckpointStore } from '../checkpoint/checkpoint-store.js'
import { UsageError } from '../errors/usage-error.js'
import { checkpointFiles, writeAtomically } from './checkpoint-files.js'
import { writeFailure } from './write-output.js'

/** What a run is of: another run must not go on from its checkpoints. */
export interface RunDescription {
  readonly poolite: string
  readonly protocolHash: string
  readonly dataFile: string
  readonly dataHash: string
  readonly seed: number
}

export interface UnfinishedOptions {
  /** Go on from what is there, if anything. */
  readonly resume?: boolean
  /** Delete what is there. */
  readonly discardPartial?: boolean
}

/**
 * The folder `OUT.partial` beside the output folder, where a run keeps its checkpoints until it has ended: `run.json` (what it is of), `lock`
 * (while a process works on it), `trial-<n>/` and `pooling/` with two checkpoint files for each chain, and `output/` while results are written.
 */
export interface UnfinishedRun {
  readonly path: string
  readonly store: CheckpointStore
  /** Whether it goes on from an earlier run. */
  readonly isResumed: boolean
  /** Deletes the folder: the run has ended. */
  remove(): void
  /** Leaves the folder to another process, and nothing when nothing was saved: a fault of the data shows before. Safe to call again. */
  release(): void
}

const descriptionName = 'run.json'
const format = 'poolite-unfinished-1'
type Description = RunDescription & { readonly format: string; readonly begunAt: string }

/**
 * @throws UsageError when an unfinished run is there and nobody said what to do with it, when it is of something else, when another process is at
 *   work in it, or when the folder is not of poolite; RunError when it cannot be written.
 */
export async function openUnfinishedRun(
  out: string,
  description: RunDescription,
  { resume = false, discardPartial = false }: UnfinishedOptions,
): Promise<UnfinishedRun> {
  const path = `${out.replace(/[/\\]+$/, '')}.partial`
  requireOurs(path)
  requireUnlocked(path)
  if (discardPartial) rmSync(path, { recursive: true, force: true })
  const earlier = readDescription(path)
  if (earlier && !resume) throw unfinished(path, earlier)
  if (earlier) requireSame(path, earlier, description)
  try {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'lock'), JSON.stringify({ process: process.pid, host: hostname() }))
    const content: Description = { format, ...description, begunAt: earlier?.begunAt ?? new Date().toISOString() }
    await writeAtomically(join(path, descriptionName), `${JSON.stringify(content, null, 2)}\n`)
  } catch (error) {
    throw writeFailure(path, error)
  }
  const release = () => {
    process.removeListener('exit', release)
    rmSync(join(path, 'lock'), { force: true })
    if (existsSync(path) && readdirSync(path).every((name) => name === descriptionName))
      rmSync(path, { recursive: true, force: true })
  }
  process.once('exit', release)
  return {
    path,
    store: checkpointFiles(path),
    isResumed: earlier !== undefined,
    release,
    remove: () => {
      process.removeListener('exit', release)
      rmSync(path, { recursive: true, force: true })
    },
  }
}

/** A folder without the description is ours only when there is nothing in it but what a run writes first. */
function requireOurs(path: string): void {
  if (!existsSync(path) || existsSync(join(path, descriptionName))) return
  const names = readdirSync(path)
  if (names.every((name) => ['lock', `${descriptionName}.writing`].includes(name))) return
  throw new UsageError({
    file: path,
    problem: 'the folder exists and was not written by poolite',
    reason: 'checkpoints of the run would stand there',
    remedy: 'Choose another folder with --out, or rename that one.',
  })
}

function requireUnlocked(path: string): void {
  const lock = readJson<{ process: number; host: string }>(join(path, 'lock'))
  if (!lock || lock.host !== hostname() || lock.process === process.pid || !isRunning(lock.process)) return
  throw new UsageError({
    file: path,
    problem: `process ${lock.process} is at work in this folder`,
    reason: 'two runs would write over the checkpoints of each other',
    remedy: `Wait for it, or choose another folder with --out. If that process is not poolite, delete ${join(path, 'lock')}.`,
  })
}

function isRunning(processNumber: number): boolean {
  try {
    return process.kill(processNumber, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A description that cannot be read is none: each checkpoint says itself what it is of. */
function readDescription(path: string): Partial<Description> | undefined {
  const file = join(path, descriptionName)
  return existsSync(file) ? (readJson<Description>(file) ?? {}) : undefined
}

function readJson<Content>(path: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function unfinished(path: string, { dataFile = 'unknown data', begunAt, seed }: Partial<Description>): UsageError {
  const what = `of ${dataFile}${begunAt === undefined ? '' : `, begun ${begunAt}`}${seed === undefined ? '' : `, seed ${seed}`}`
  return new UsageError({
    file: path,
    problem: `an unfinished run stands there (${what})`,
    remedy: 'Add --resume to go on with it, or --discard-partial to delete it and start anew.',
  })
}

function requireSame(path: string, earlier: Partial<Description>, description: RunDescription): void {
  const names = ['poolite', 'protocolHash', 'dataHash', 'seed'] as const
  const said = { poolite: 'version of poolite', protocolHash: 'protocol', dataHash: 'data', seed: 'seed' }
  const name = names.find((one) => earlier[one] !== undefined && earlier[one] !== description[one])
  if (name === undefined) return
  const values = name === 'poolite' || name === 'seed' ? ` (${earlier[name]}, not ${description[name]})` : ''
  throw new UsageError({
    file: join(path, descriptionName),
    problem: `the unfinished run has another ${said[name]}${values}`,
    reason: 'draws of both would be mixed',
    remedy:
      'Resume with the version, protocol, options and data that it was begun with, or start anew with --discard-partial or another --out.',
  })
}
