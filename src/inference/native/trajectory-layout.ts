/**
 * Where the module `trajectory.wat` keeps what, in bytes. The header:
 *
 * | at  | type | field                                                                    |
 * | --- | ---- | ------------------------------------------------------------------------ |
 * | 0   | i32  | bytes of a vector, padded to an even number of elements                  |
 * | 4   | i32  | bytes of a vector                                                        |
 * | 8   | i32  | 1 with a dense metric                                                    |
 * | 16  | i32  | address of the log density                                               |
 * | 20  | i32  | pieces of the gradient, first and end: place in the gradient, address, bytes |
 * | 28  | i32  | bytes of a row of the metric's root, padded to whole groups of 4 elements |
 * | 32  | i32  | points: forward, backward                                                |
 * | 40  | i32  | candidates: proposal, sample                                             |
 * | 48  | i32  | the metric's root by rows (diagonal: the scales), by columns             |
 * | 56  | i32  | levels                                                                   |
 * | 60  | i32  | the point that diverged, or 0                                            |
 * | 64  | i32  | leapfrog steps made                                                      |
 * | 68  | i32  | sum of momenta; seam; 1 when the sample is not the initial point         |
 * | 80  | f64  | initial energy, log scale, weight, new weight, sum of acceptances        |
 */
import type { JoinedModule } from '../../contract/log-density.js'

const BYTES = Float64Array.BYTES_PER_ELEMENT
const HEADER = 16

export interface TrajectoryMemory {
  /** Address of the header. */
  readonly header: number
  /** The header's integers, by element: byte offset / 4. */
  readonly integers: Int32Array
  /** The header's numbers, by element: byte offset / 8. */
  readonly numbers: Float64Array
  /** Elements of a padded vector. */
  readonly width: number
  /** Elements of a row of the metric's root. */
  readonly stride: number
  /** A view of so many elements at an address in bytes. */
  view(address: number, elementCount: number): Float64Array
}

/** Elements that the module needs. */
export function trajectoryElements(dimension: number, levelCount: number, pieceCount: number): number {
  return place(dimension, levelCount, pieceCount).end
}

interface Places {
  readonly points: number
  readonly candidates: number
  readonly sums: number
  readonly levelVectors: number
  readonly root: number
  readonly levels: number
  readonly pieces: number
  readonly end: number
  readonly width: number
  readonly stride: number
}

/** In elements, from the header; all even. */
function place(dimension: number, levelCount: number, pieceCount: number): Places {
  const width = 2 * Math.ceil(dimension / 2)
  const stride = 4 * Math.ceil(dimension / 4)
  const points = HEADER
  const candidates = points + 2 * (4 * width + 2)
  const sums = candidates + 2 * (2 * width + 2)
  const levelVectors = sums + 2 * width
  const root = levelVectors + 3 * levelCount * width
  const levels = root + 2 * width * stride
  const pieces = levels + 2 * Math.ceil((3 * levelCount) / 4)
  return {
    points,
    candidates,
    sums,
    levelVectors,
    root,
    levels,
    pieces,
    end: pieces + 2 * Math.ceil((3 * pieceCount) / 4),
    width,
    stride,
  }
}

/** Writes the header and the tables it points to. */
export function layOutTrajectory(
  { memory, guestOffset, valueOffset, gradients }: JoinedModule,
  dimension: number,
  levelCount: number,
): TrajectoryMemory {
  const places = place(dimension, levelCount, gradients.length)
  const { width, stride } = places
  const address = (element: number) => BYTES * (guestOffset + element)
  const header = address(0)
  const integers = new Int32Array(memory.buffer, header)
  const vector = width * BYTES
  integers.set([vector, dimension * BYTES])
  integers.set(
    [
      valueOffset * BYTES,
      address(places.pieces),
      address(places.pieces) + 12 * gradients.length,
      stride * BYTES,
      address(places.points),
      address(places.points) + 4 * vector + 16,
      address(places.candidates),
      address(places.candidates) + 2 * vector + 16,
      address(places.root),
      address(places.root) + width * stride * BYTES,
      address(places.levels),
    ],
    4,
  )
  integers.set([address(places.sums), address(places.sums) + vector], 17)
  const levelAddresses = Array.from({ length: 3 * levelCount }, (_, index) => address(places.levelVectors) + index * vector)
  integers.set(levelAddresses, 2 * places.levels)
  integers.set(
    gradients.flatMap(({ target, offset, size }) => [target * BYTES, offset * BYTES, size * BYTES]),
    2 * places.pieces,
  )
  return {
    header,
    integers,
    numbers: new Float64Array(memory.buffer, header),
    width,
    stride,
    view: (start, elementCount) => new Float64Array(memory.buffer, start, elementCount),
  }
}
