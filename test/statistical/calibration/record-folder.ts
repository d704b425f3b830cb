/**
 * Records of calibrations in a folder of append-only JSON lines: the first line of a file says what is calibrated, each other one
 * is a replicate.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CalibrationRecord } from '../../../diagnostics/predictive/calibration/calibration-test.js'

/** All that a replicate depends on, apart from its number. */
export interface RecordHeader {
  readonly subject: string
  readonly algorithm: string
  readonly seed: number
  readonly rankedDraws: number
  readonly version: string
}

export interface Records {
  readonly earlier: readonly CalibrationRecord[]
  append(record: CalibrationRecord): void
}

/**
 * Reads the records of all tasks of this calibration and goes on with the file of this task. A line that was cut off when a run
 * was killed is passed over.
 * @param task a part of the file name, different for runs at the same time
 * @throws when a file of that name belongs to another calibration.
 */
export function openRecords(folder: string, header: RecordHeader, task: string): Records {
  mkdirSync(folder, { recursive: true })
  const stem = `${header.subject}.${header.algorithm}`.replace(/[^\w.-]+/g, '-')
  const files = readdirSync(folder).filter((file) => file.startsWith(`${stem}.`) && file.endsWith('.jsonl'))
  const earlier = new Map(
    files.flatMap((file) => readRecords(join(folder, file), header)).map((record) => [record.replicate, record]),
  )
  const own = join(folder, `${stem}.${task}.jsonl`)
  if (!existsSync(own)) appendFileSync(own, `${JSON.stringify(header)}\n`)
  else if (!readFileSync(own, 'utf8').endsWith('\n')) appendFileSync(own, '\n')
  return { earlier: [...earlier.values()], append: (record) => appendFileSync(own, `${JSON.stringify(record)}\n`) }
}

function readRecords(path: string, header: RecordHeader): CalibrationRecord[] {
  const [first, ...lines] = readFileSync(path, 'utf8').split('\n')
  if (first === JSON.stringify(header)) return lines.flatMap(parseRecord)
  throw new Error(`${path} holds another calibration: ${first}. Give another folder, or remove the file.`)
}

function parseRecord(line: string): CalibrationRecord[] {
  try {
    const record = JSON.parse(line) as CalibrationRecord
    return typeof record.replicate === 'number' ? [record] : []
  } catch {
    return []
  }
}
