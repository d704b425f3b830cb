/** A record as one line of text with a checksum, and back: `{"checksum":"1a2b3c4d","record":{...}}`. What a killed writer left of a line is told from a line. */
import { crc32 } from '../draws/stored/crc32.js'

export function storeLine(record: object): string {
  const text = JSON.stringify(record)
  return `{"checksum":"${checksum(text)}","record":${text}}\n`
}

export interface StoredLines<Value> {
  readonly records: readonly Value[]
  /** Whole lines that are not what was written; they count as not there. */
  readonly damagedCount: number
  /** Characters up to the end of the last whole line: what follows was cut off while it was written. */
  readonly wholeLength: number
}

export function readStoredLines<Value>(text: string): StoredLines<Value> {
  const wholeLength = text.lastIndexOf('\n') + 1
  const lines = text.slice(0, wholeLength).split('\n').slice(0, -1)
  const records = lines.flatMap((line) => parseLine<Value>(line))
  return { records, damagedCount: lines.length - records.length, wholeLength }
}

function parseLine<Value>(line: string): [Value] | [] {
  const parts = /^\{"checksum":"([0-9a-f]{8})","record":(.*)\}$/.exec(line)
  return parts && checksum(parts[2]) === parts[1] ? [JSON.parse(parts[2]) as Value] : []
}

function checksum(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).padStart(8, '0')
}
