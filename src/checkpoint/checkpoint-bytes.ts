/**
 * The bytes of a checkpoint: a line of 32 characters, `poolite-checkpoint <format> <length of the header>`; the header as JSON, padded with spaces
 * to a multiple of 8 bytes; columns of float64, little-endian, one after another; CRC-32 of all that, little-endian.
 */
import { crc32 } from '../draws/stored/crc32.js'
import { joinData, splitData } from './plain-data.js'

export const checkpointFormat = 1

/** What must be the same for a checkpoint to be used, by the names under which a reader knows it: version, seed, settings, hashes. */
export type CheckpointIdentity = Readonly<Record<string, string | number>>

export interface Checkpoint {
  readonly identity: CheckpointIdentity
  /** Counts the checkpoints of one chain from 1. */
  readonly sequence: number
  /** Plain data. */
  readonly data: unknown
}

const LINE_BYTES = 32
const CRC_BYTES = 4

export function encodeCheckpoint({ identity, sequence, data }: Checkpoint): Uint8Array {
  const { json, columns } = splitData(data)
  const text = JSON.stringify({ identity, sequence, columnLengths: columns.map(({ length }) => length), data: json })
  const header = new TextEncoder().encode(padded(text))
  const line = `poolite-checkpoint ${checkpointFormat} ${header.length}`.padEnd(LINE_BYTES - 1)
  const columnBytes = columns.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const bytes = new Uint8Array(LINE_BYTES + header.length + columnBytes + CRC_BYTES)
  bytes.set(new TextEncoder().encode(`${line}\n`))
  bytes.set(header, LINE_BYTES)
  let offset = LINE_BYTES + header.length
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset)
    offset += byteLength
  }
  new DataView(bytes.buffer).setUint32(offset, crc32(bytes.subarray(0, offset)), true)
  return bytes
}

/** Spaces after the text until its bytes in UTF-8 are a multiple of 8, so that columns are aligned. */
function padded(text: string): string {
  const { length } = new TextEncoder().encode(text)
  return text + ' '.repeat((8 - (length % 8)) % 8)
}

/** Why bytes cannot be used: they are no longer what was written, or another version wrote them. */
export interface Unreadable {
  readonly fault: 'damaged' | 'other-format'
  readonly reason: string
}

export function decodeCheckpoint(bytes: Uint8Array): Checkpoint | Unreadable {
  const line = new TextDecoder().decode(bytes.subarray(0, LINE_BYTES))
  const match = /^poolite-checkpoint (\d+) (\d+) *\n$/.exec(line)
  if (!match) return damaged(bytes.length === 0 ? 'it is empty' : 'it does not begin like a checkpoint')
  const end = bytes.length - CRC_BYTES
  const stored = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (end < LINE_BYTES || stored.getUint32(end, true) !== crc32(bytes.subarray(0, end)))
    return damaged('its checksum is wrong: it was cut short or changed')
  if (Number(match[1]) !== checkpointFormat)
    return { fault: 'other-format', reason: `it has format ${match[1]}, and this version reads format ${checkpointFormat}` }
  const start = LINE_BYTES + Number(match[2])
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(LINE_BYTES, start)))
  const data = joinData({ json: header.data, columns: columnsIn(bytes, start, header.columnLengths) })
  return { identity: header.identity, sequence: header.sequence, data }
}

function columnsIn(bytes: Uint8Array, start: number, lengths: readonly number[]): Float64Array[] {
  let offset = start
  return lengths.map((length) => {
    const column = new Float64Array(length)
    new Uint8Array(column.buffer).set(bytes.subarray(offset, offset + column.byteLength))
    offset += column.byteLength
    return column
  })
}

const damaged = (reason: string): Unreadable => ({ fault: 'damaged', reason })
