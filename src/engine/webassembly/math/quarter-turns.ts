import { type DoubleDouble, exactProduct, exactSum, quickSum, upperHalf } from './double-double.js'
import {
  add,
  and,
  bits,
  multiply,
  nearest,
  shiftLeft,
  shiftRight,
  subtract,
  subtractIntegers,
  type Writer,
} from './function-writer.js'
import { lookUpPairs } from './lookup.js'
import { twoOverPiTables } from './tables/two-over-pi-table.js'

/**
 * The reduction that sine and cosine share: x = (4 m + n) pi/2 + r, |r| <= pi/4 and hardly more, r in two parts.
 *
 * Up to 2^19 pi/2, pi/2 in three parts (Cody & Waite 1980), of which the first two have 33 bits, so that n times them is exact. Beyond, x
 * times those binary digits of 2/pi that matter (Payne & Hanek 1983, doi:10.1145/1057600.1057602).
 */
export const NEAR_WITHIN = 823000
const PI_HALF_PARTS = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const
const PI_HALF_LOW = 6.123233995736766e-17
const TWO_OVER_PI = 0.6366197723675814
const EXPONENT_OF_ONE = bits(1023n << 52n)
const MAGNITUDE = bits((1n << 63n) - 1n)
const BLOCK_BITS = bits(63n)

export interface QuarterTurns {
  /** n as a float, or a number that differs from it by a multiple of 4. */
  readonly n: string
  readonly r: DoubleDouble
}

/** For a local |x| <= NEAR_WITHIN. */
export function nearQuarterTurns(writer: Writer, x: string): QuarterTurns {
  const { keep } = writer
  const n = keep(nearest(multiply(x, TWO_OVER_PI)))
  const head = keep(subtract(x, multiply(n, PI_HALF_PARTS[0])))
  const middle = exactSum(writer, head, keep(multiply(n, -PI_HALF_PARTS[1])))
  const rest = keep(subtract(middle.low, multiply(n, PI_HALF_PARTS[2])))
  return { n, r: quickSum(writer, middle.high, rest) }
}

/** For a local with finite numbers of magnitude 1 or more. */
export function farQuarterTurns(writer: Writer, x: string): QuarterTurns {
  const { keep } = writer
  const turns = quarterTurnsModuloFour(writer, x)
  const n = keep(nearest(turns[0]))
  const first = exactSum(writer, keep(subtract(turns[0], n)), turns[1])
  const fraction = quickSum(writer, first.high, keep(add(first.low, turns[2])))
  const product = exactProduct(writer, fraction.high, keep(Math.PI / 2))
  const low = add(product.low, add(multiply(fraction.high, PI_HALF_LOW), multiply(fraction.low, Math.PI / 2)))
  return { n, r: quickSum(writer, product.high, keep(low)) }
}

/** x 2/pi less a multiple of 4, as a sum of three numbers. All products and all but the last sums are exact. */
function quarterTurnsModuloFour(writer: Writer, x: string): readonly [string, string, string] {
  const { keep, assign } = writer
  const block = keep(and(shiftRight(subtractIntegers(and(x, MAGNITUDE), EXPONENT_OF_ONE), 56), BLOCK_BITS))
  const scaled = keep(multiply(x, subtractIntegers(EXPONENT_OF_ONE, shiftLeft(block, 56))))
  const upper = keep(upperHalf(scaled))
  const lower = keep(subtract(scaled, upper))
  const sums = [keep(0), keep(0), keep(0)] as const
  for (const part of twoOverPiTables.flatMap((table) => lookUpPairs(writer, table, block)))
    for (const half of [upper, lower]) {
      const product = keep(multiply(part, half))
      const first = exactSum(writer, sums[0], keep(moduloFour(product)))
      const second = exactSum(writer, sums[1], first.low)
      assign(sums[0], moduloFour(first.high))
      assign(sums[1], second.high)
      assign(sums[2], add(sums[2], second.low))
    }
  return sums
}

/** Between -2 and 2. `a` is a local. */
function moduloFour(a: string): string {
  return subtract(a, multiply(nearest(multiply(a, 0.25)), 4))
}
