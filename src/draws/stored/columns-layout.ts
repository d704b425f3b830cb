/**
 * Draws as columns of float64 on disk: a line of 32 characters, `poolite-columns <format> <length of the header>`; the header as JSON, padded with
 * spaces to a multiple of 8 bytes; CRC-32 of both and four zeros; then pieces, chain after chain. A piece holds a run of draws of one chain: for each
 * scalar, in storage order, its draws as little-endian float64, their CRC-32 and four zeros. All pieces of a chain but its last are of the same
 * length, so that every part has its place from the header alone, and each part that is read is checked.
 */
import { DataError } from '../../errors/data-error.js'
import { type Draws, elementCount, type Variable } from '../draws.js'
import { crc32 } from './crc32.js'

export const columnsFormat = 1

/** Draws without their values. */
export interface DrawsShape extends Pick<Draws, 'chainCount' | 'drawCount'> {
  readonly variables: readonly Pick<Variable, 'name' | 'dimensions'>[]
}

export interface ColumnsHeader extends DrawsShape {
  /** In a piece. */
  readonly pieceDraws: number
}

const LINE_BYTES = 32
/** Of a checksum, with its zeros. */
export const CHECK_BYTES = 8
/** A piece is held in memory while it is written. */
const PIECE_BYTES = 2 ** 24

export const scalarCount = ({ variables }: DrawsShape): number =>
  variables.reduce((sum, variable) => sum + elementCount(variable), 0)

export function headerFor({ chainCount, drawCount, variables }: DrawsShape, pieceBytes = PIECE_BYTES): ColumnsHeader {
  const shape = { chainCount, drawCount, variables: variables.map(({ name, dimensions }) => ({ name, dimensions })) }
  const fitting = Math.floor(pieceBytes / (8 * Math.max(1, scalarCount(shape))))
  return { ...shape, pieceDraws: Math.min(Math.max(1, fitting), drawCount) }
}

export function encodeHeader(header: ColumnsHeader): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(LINE_BYTES + length + CHECK_BYTES).fill(32)
  bytes.set(new TextEncoder().encode(`${`poolite-columns ${columnsFormat} ${length}`.padEnd(LINE_BYTES - 1)}\n`))
  bytes.set(json, LINE_BYTES)
  const end = LINE_BYTES + length
  new DataView(bytes.buffer).setBigUint64(end, BigInt(crc32(bytes.subarray(0, end))), true)
  return bytes
}

/** @throws DataError when the bytes are not columns of draws, of another format, or damaged */
export function decodeHeader(
  read: (offset: number, length: number) => Uint8Array,
  file: string,
): ColumnsHeader & { readonly headerBytes: number } {
  const match = /^poolite-columns (\d+) (\d+) *\n$/.exec(new TextDecoder().decode(read(0, LINE_BYTES)))
  if (!match) throw damagedColumns(file, 'it does not begin like columns of draws')
  if (Number(match[1]) !== columnsFormat)
    throw new DataError({
      file,
      problem: `these columns of draws have format ${match[1]}, and this version reads format ${columnsFormat}`,
      remedy: 'Read them with the version of poolite that wrote them.',
    })
  const end = LINE_BYTES + Number(match[2])
  const bytes = read(0, end + CHECK_BYTES)
  const isWhole = bytes.length === end + CHECK_BYTES
  if (!isWhole || new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true) !== crc32(bytes.subarray(0, end)))
    throw damagedColumns(file, 'its header was cut short or changed')
  return { ...JSON.parse(new TextDecoder().decode(bytes.subarray(LINE_BYTES, end))), headerBytes: bytes.length }
}

export function damagedColumns(file: string, reason: string): DataError {
  return new DataError({
    file,
    problem: 'these draws cannot be read',
    reason,
    remedy: 'Copy the file again from where it is whole, or run the analysis again: the same seed gives the same draws.',
  })
}
