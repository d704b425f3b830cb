import { powerOfTwoInHalves } from './exponent.js'
import { add, addIntegers, and, bits, floor, multiply, polynomial, shiftLeft, subtract, type Writer } from './function-writer.js'
import { lookUpPairs } from './lookup.js'
import { exponentialTable, STEP_BITS } from './tables/exponential-table.js'

/** exp rounds to 0 here. */
export const UNDERFLOW = -746

/**
 * The reduction that the fast functions with an exponential share, after Tang (1989, doi:10.1145/63522.214389): x = k log(2) + r with k a
 * multiple of 1/256 and |r| <= log(2)/512, so that exp(x) = 2^k (1 + p) with 2^k from a table and p = exp(r) - 1 from a polynomial. log(2) is
 * in two parts, the upper with 21 trailing zero bits, so that k times it is exact. Polynomial: own Remez fit, error of p below 2^-57.
 */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const P = [0.49999999999999756, 0.16666667994321202, 0.04166667053570656]
/** Added to a number of magnitude below 2^43, it leaves the nearest multiple of 1/256 as an integer in the last bits. */
const SHIFTER = 1.5 * 2 ** (52 - STEP_BITS)
const FRACTION_OF_STEPS = bits(((1n << BigInt(STEP_BITS)) - 1n) << BigInt(52 - STEP_BITS))

interface Reduced {
  /** k + SHIFTER. */
  readonly shifted: string
  readonly k: string
  /** The entry of the table: see there. */
  readonly entry: string
  /** exp(x) / 2^k - 1, with the rounding error of the table's entry. */
  readonly correction: string
}

function reduce(writer: Writer, x: string): Reduced {
  const { keep } = writer
  const shifted = keep(add(multiply(x, Math.LOG2E), SHIFTER))
  const k = keep(subtract(shifted, SHIFTER))
  const [entry, relativeRest] = lookUpPairs(writer, exponentialTable, shifted)
  const r = keep(subtract(subtract(x, multiply(k, LN2_HIGH)), multiply(k, LN2_LOW)))
  const power = add(r, multiply(multiply(r, r), polynomial(r, P)))
  return { shifted, k, entry, correction: keep(add(relativeRest, power)) }
}

export interface NormalExponential {
  /** 2^k. */
  readonly power: string
  /** exp(x) / 2^k - 1, below 1/700 in magnitude. */
  readonly correction: string
}

/** exp(x) as power + power * correction, for a local |x| <= 707; finite or not, nonsense beyond. */
export function normalExponential(writer: Writer, x: string): NormalExponential {
  const { shifted, entry, correction } = reduce(writer, x)
  return { power: writer.keep(addIntegers(shiftLeft(shifted, 52 - STEP_BITS), entry)), correction }
}

export interface WideExponential {
  /** exp(x) = (significand + significand * correction) * scales[0] * scales[1], to be multiplied in this order. */
  readonly significand: string
  readonly correction: string
  readonly scales: readonly [string, string]
  /** exp(x) with two roundings. */
  readonly value: string
}

/** exp(x) for a local |x| <= 1100, over- and underflowing as it should; NaN for NaN. */
export function wideExponential(writer: Writer, x: string): WideExponential {
  const { keep } = writer
  const { shifted, k, entry, correction } = reduce(writer, x)
  const significand = keep(addIntegers(and(shiftLeft(shifted, 52 - STEP_BITS), FRACTION_OF_STEPS), entry))
  const [scale, otherScale] = powerOfTwoInHalves(writer, keep(floor(k)))
  const scales = [keep(scale), keep(otherScale)] as const
  const rounded = add(significand, multiply(significand, correction))
  return { significand, correction, scales, value: keep(multiply(multiply(rounded, scales[0]), scales[1])) }
}
