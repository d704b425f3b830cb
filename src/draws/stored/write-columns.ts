import { elementCount } from '../draws.js'
import type { DrawsBuilder } from '../draws-builder.js'
import { CHECK_BYTES, type DrawsShape, encodeHeader, headerFor, scalarCount } from './columns-layout.js'
import { crc32 } from './crc32.js'
import type { GrowingBytes } from './growing-bytes.js'
import { readColumns } from './read-columns.js'

/** Writes draws to `bytes`, which are empty, a piece at a time. Draws come in order, chain after chain. */
export function writeColumns(bytes: GrowingBytes, shape: DrawsShape, pieceBytes?: number): DrawsBuilder {
  const header = headerFor(shape, pieceBytes)
  const { drawCount, pieceDraws, variables } = header
  const sizes = variables.map(elementCount)
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0))
  const count = scalarCount(header)
  /** `[draw, scalar]` */
  const rows = new Float64Array(pieceDraws * count)
  let filled = 0
  let made = 0
  bytes.append(encodeHeader(header))

  function writePiece(): void {
    bytes.append(pieceOf(rows, filled, count))
    filled = 0
  }

  return {
    set(values) {
      values.forEach((one, index) => {
        rows.set(one, filled * count + starts[index])
      })
      filled++
      made++
      if (filled === pieceDraws || made % drawCount === 0) writePiece()
    },
    finish() {
      bytes.finish()
      return readColumns(bytes)
    },
  }
}

/** Each scalar's draws, with their checksum. */
function pieceOf(rows: Float64Array, drawCount: number, count: number): Uint8Array {
  const stride = drawCount + CHECK_BYTES / 8
  const columns = new Float64Array(count * stride)
  for (let draw = 0; draw < drawCount; draw++)
    for (let scalar = 0; scalar < count; scalar++) columns[scalar * stride + draw] = rows[draw * count + scalar]
  const bytes = new Uint8Array(columns.buffer)
  const view = new DataView(columns.buffer)
  for (let scalar = 0; scalar < count; scalar++) {
    const start = 8 * scalar * stride
    const end = start + 8 * drawCount
    view.setUint32(end, crc32(bytes.subarray(start, end)), true)
  }
  return bytes
}
