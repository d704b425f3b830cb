/**
 * The folder of a study: `study.json` says what it is, `parts/` holds what processes append (one file of records and one of times for each share), `records.jsonl` and
 * `timings.jsonl` are the merged whole. A process writes to the files of its share only and reads all.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { RunError } from '../errors/run-error.js'
import { UsageError } from '../errors/usage-error.js'
import { mergeRecords } from '../study/merge-records.js'
import type { StudyOutcome } from '../study/replicate.js'
import { readStoredLines, storeLine } from '../study/store-line.js'
import { keyText, type StudyKey, type StudyRecord, type StudyTiming } from '../study/study-record.js'
import type { StudySettings, StudyShare } from '../study/study-task.js'
import { version } from '../version.js'
import { writing } from './write-output.js'

/** What all processes of a study must agree on. */
export interface StudyIdentity {
  readonly design: string
  readonly version: string
  readonly settings: StudySettings
}

export interface StudyStore {
  has(key: StudyKey): boolean
  append(outcomes: readonly StudyOutcome[]): void
  /** Records and lines that were found when it was opened. */
  readonly knownCount: number
  readonly damagedCount: number
}

const IDENTITY = 'study.json'
const PARTS = 'parts'

export function studyIdentity(design: string, settings: StudySettings): StudyIdentity {
  return { design, version, settings }
}

/**
 * Opens the part of a share to append to, and cuts away what a killed process left of a line.
 * @throws UsageError when it is there and is not to be resumed, or the folder is of another study; RunError when the disk refuses.
 */
export function openStudyStore(
  folder: string,
  identity: StudyIdentity,
  { index, count }: StudyShare,
  isResumed: boolean,
): StudyStore {
  const parts = join(folder, PARTS)
  const [recordFile, timingFile] = ['records', 'timings'].map((what) => join(parts, `${what}-${index}-of-${count}.jsonl`))
  if (!isResumed && existsSync(recordFile)) throw alreadyBegun(folder)
  writing(folder, () => mkdirSync(parts, { recursive: true }))
  requireIdentity(folder, identity)
  for (const file of [recordFile, timingFile]) if (existsSync(file)) cutAway(file)
  const { records, damagedCount } = readParts<StudyRecord>(folder, 'records')
  const known = new Set(records.map(keyText))
  return {
    has: (key) => known.has(keyText(key)),
    knownCount: known.size,
    damagedCount,
    append(outcomes) {
      // times first: a record without its time would be there for good
      const append = (file: string, values: readonly object[]) =>
        writing(file, () => appendFileSync(file, values.map(storeLine).join('')))
      append(
        timingFile,
        outcomes.map(({ timing }) => timing),
      )
      append(
        recordFile,
        outcomes.map(({ record }) => record),
      )
      for (const { record } of outcomes) known.add(keyText(record))
    },
  }
}

function requireIdentity(folder: string, identity: StudyIdentity): void {
  const path = join(folder, IDENTITY)
  const text = `${JSON.stringify(identity, undefined, 2)}\n`
  if (!existsSync(path)) {
    writing(path, () => writeFileAtOnce(path, text))
    return
  }
  if (readFileSync(path, 'utf8') === text) return
  throw new UsageError({
    file: path,
    problem: 'this folder holds another study',
    reason: `it is not the same design, seed, settings and version of poolite (${version})`,
    remedy: 'Give the options that the study began with, or another folder with --out.',
  })
}

/** Under another name first, so that no other process reads half of it. */
function writeFileAtOnce(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.writing`
  writeFileSync(unfinished, text)
  renameSync(unfinished, path)
}

function alreadyBegun(folder: string): UsageError {
  return new UsageError({
    file: folder,
    problem: 'this part of the study has been begun',
    reason: 'nothing is written over',
    remedy: 'Give --resume to go on with it, or another folder with --out.',
  })
}

function cutAway(file: string): void {
  const text = readFileSync(file, 'utf8')
  const { wholeLength } = readStoredLines(text)
  if (wholeLength < text.length) writing(file, () => truncateSync(file, Buffer.byteLength(text.slice(0, wholeLength))))
}

function readParts<Value extends StudyKey>(folder: string, what: 'records' | 'timings') {
  const parts = join(folder, PARTS)
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => name.startsWith(`${what}-`)) : []
  const found = names.sort().map((name) => readStoredLines<Value>(readFileSync(join(parts, name), 'utf8')))
  return {
    records: found.flatMap(({ records }) => records),
    damagedCount: found.reduce((sum, one) => sum + one.damagedCount, 0),
  }
}

export interface MergedStudy {
  readonly records: readonly StudyRecord[]
  readonly timings: readonly StudyTiming[]
  readonly damagedCount: number
}

/**
 * Gathers the parts, each key once, and writes the whole: the same bytes of records however many processes there were.
 * @throws UsageError when there is nothing to gather; RunError when parts contradict each other.
 */
export function mergeStudy(folder: string): MergedStudy {
  const parts = readParts<StudyRecord>(folder, 'records')
  if (parts.records.length === 0)
    throw new UsageError({
      file: folder,
      problem: 'there are no records of a study',
      remedy: 'Give the folder that `poolite simulate --out` wrote to.',
    })
  const records = mergeRecords(parts.records)
  const keys = new Set(records.map(keyText))
  const timings = mergeRecords(readParts<StudyTiming>(folder, 'timings').records, () => true).filter((one) =>
    keys.has(keyText(one)),
  )
  for (const [name, values] of [
    ['records.jsonl', records],
    ['timings.jsonl', timings],
  ] as const) {
    const path = join(folder, name)
    writing(path, () => writeFileAtOnce(path, values.map((value) => `${JSON.stringify(value)}\n`).join('')))
  }
  return { records, timings, damagedCount: parts.damagedCount }
}

/** @throws RunError naming the file */
export function writeStudyFile(folder: string, name: string, text: string): void {
  const path = join(folder, name)
  writing(path, () => writeFileAtOnce(path, text))
}

/** @throws UsageError when the folder holds no study; RunError when its description cannot be read. */
export function readIdentity(folder: string): StudyIdentity {
  const path = join(folder, IDENTITY)
  if (!existsSync(path))
    throw new UsageError({
      file: folder,
      problem: 'this is not the folder of a study',
      remedy: 'Give the folder that `poolite simulate --out` wrote to.',
    })
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StudyIdentity
  } catch {
    throw new RunError({ file: path, problem: 'it is damaged', remedy: 'Run the study with --resume after removing this file.' })
  }
}
