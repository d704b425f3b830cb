import { type Draws, elementCount, scalarNames, type Variable } from '../draws.js'
import { CHECK_BYTES, type ColumnsHeader, damagedColumns, decodeHeader, scalarCount } from './columns-layout.js'
import { crc32 } from './crc32.js'
import type { GrowingBytes } from './growing-bytes.js'

/** Where the values of a variable are, when they are not in memory. */
export interface StoredValues {
  /** The name of the bytes, such as a path, and what else they hold: this is variable `index` of `variableCount`. */
  readonly source: { readonly name: string; readonly index: number; readonly variableCount: number }
  /** Draws of one chain that lie together. */
  readonly pieceDraws: number
  /** Of `count` elements from `first` on: `[element][chain][draw]`. @throws DataError when they are damaged */
  elements(first: number, count: number): Float64Array[][]
  /** Of `count` draws of a chain from `first` on: `[draw, ...dimensions]`. @throws DataError when they are damaged */
  draws(chain: number, first: number, count: number): Float64Array
}

/**
 * The draws in `bytes`. Their values stay where they are until they are asked for: `values` of a variable reads all of it, and the last variable that
 * was read is kept. What is read is checked against its checksums.
 * @throws DataError when the bytes are not columns of draws, or are cut short
 */
export function readColumns(bytes: Pick<GrowingBytes, 'name' | 'length' | 'read'>): Draws {
  const { headerBytes, ...header } = decodeHeader((offset, length) => bytes.read(offset, length), bytes.name)
  const { chainCount, drawCount, pieceDraws, variables } = header
  const count = scalarCount(header)
  const whole = headerBytes + chainCount * chainBytes(header, count)
  if (bytes.length() !== whole) throw damagedColumns(bytes.name, `it has ${bytes.length()} bytes and should have ${whole}`)

  /** Of scalars `from` to `from + scalars - 1` in a piece, `[scalar, draw]`, with checksums between. */
  function readPart(chain: number, piece: number, from: number, scalars: number): { values: Float64Array; stride: number } {
    const drawsIn = Math.min(pieceDraws, drawCount - piece * pieceDraws)
    const stride = drawsIn + CHECK_BYTES / 8
    const start = headerBytes + chain * chainBytes(header, count) + piece * pieceBytes(pieceDraws, count)
    const part = bytes.read(start + 8 * from * stride, 8 * scalars * stride)
    const view = new DataView(part.buffer, part.byteOffset)
    for (let scalar = 0; scalar < scalars; scalar++) {
      const end = 8 * (scalar * stride + drawsIn)
      if (part.length < end + CHECK_BYTES || view.getUint32(end, true) !== crc32(part.subarray(end - 8 * drawsIn, end)))
        throw damagedColumns(
          bytes.name,
          `${place(header, from + scalar, chain, piece)} do not have the checksum they were written with`,
        )
    }
    return { values: new Float64Array(part.buffer, part.byteOffset, part.length / 8), stride }
  }

  let latest: { readonly name: string; readonly values: Float64Array } | undefined
  const starts = variables.map((_, index) => scalarCount({ ...header, variables: variables.slice(0, index) }))
  return {
    chainCount,
    drawCount,
    variables: variables.map((variable, index): Variable => {
      const size = elementCount(variable)
      const stored: StoredValues = {
        source: { name: bytes.name, index, variableCount: variables.length },
        pieceDraws,
        elements: (first, elements) =>
          readElements(header, (chain, piece) => readPart(chain, piece, starts[index] + first, elements), elements),
        draws: (chain, first, draws) =>
          readDraws(header, (piece) => readPart(chain, piece, starts[index], size), size, first, draws),
      }
      const readAll = () => {
        const values = new Float64Array(chainCount * drawCount * size)
        for (let chain = 0; chain < chainCount; chain++)
          for (let first = 0; first < drawCount; first += pieceDraws)
            values.set(stored.draws(chain, first, Math.min(pieceDraws, drawCount - first)), (chain * drawCount + first) * size)
        return values
      }
      return {
        ...variable,
        stored,
        get values() {
          if (latest?.name !== variable.name) latest = { name: variable.name, values: readAll() }
          return latest.values
        },
      }
    }),
  }
}

type Part = { readonly values: Float64Array; readonly stride: number }

function readElements(
  { chainCount, drawCount, pieceDraws }: ColumnsHeader,
  read: (chain: number, piece: number) => Part,
  count: number,
): Float64Array[][] {
  const found = Array.from({ length: count }, () => Array.from({ length: chainCount }, () => new Float64Array(drawCount)))
  for (let chain = 0; chain < chainCount; chain++)
    for (let piece = 0; piece * pieceDraws < drawCount; piece++) {
      const { values, stride } = read(chain, piece)
      found.forEach((chains, element) => {
        chains[chain].set(values.subarray(element * stride, (element + 1) * stride - 1), piece * pieceDraws)
      })
    }
  return found
}

function readDraws(
  { pieceDraws }: ColumnsHeader,
  read: (piece: number) => Part,
  size: number,
  first: number,
  count: number,
): Float64Array {
  const rows = new Float64Array(count * size)
  for (let piece = Math.floor(first / pieceDraws); piece * pieceDraws < first + count; piece++) {
    const { values, stride } = read(piece)
    const start = piece * pieceDraws
    const end = Math.min(start + stride - 1, first + count)
    for (let draw = Math.max(start, first); draw < end; draw++)
      for (let element = 0; element < size; element++)
        rows[(draw - first) * size + element] = values[element * stride + draw - start]
  }
  return rows
}

const pieceBytes = (drawCount: number, count: number): number => count * (8 * drawCount + CHECK_BYTES)

function chainBytes({ drawCount, pieceDraws }: ColumnsHeader, count: number): number {
  return drawCount * count * 8 + Math.ceil(drawCount / pieceDraws) * count * CHECK_BYTES
}

/** Such as `draws 1001 to 2000 of theta[3] in chain 2`. */
function place(header: ColumnsHeader, scalar: number, chain: number, piece: number): string {
  const { drawCount, pieceDraws, variables } = header
  const name = variables.flatMap(scalarNames)[scalar]
  const last = Math.min(drawCount, (piece + 1) * pieceDraws)
  return `draws ${piece * pieceDraws + 1} to ${last} of ${name} in chain ${chain + 1}`
}
