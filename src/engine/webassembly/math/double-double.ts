import { add, and, bits, divide, multiply, type Operand, subtract, type Writer } from './function-writer.js'

/**
 * Sums, products and quotients with their rounding errors, without a fused multiply-add (Dekker 1971, doi:10.1007/BF01397083;
 * Knuth, TAOCP 2, 4.2.2). Numbers are split by clearing the last 27 bits, so that a product of two upper parts is exact.
 */
export interface DoubleDouble {
  readonly high: string
  /** At most an ulp of `high`, unless said otherwise. */
  readonly low: string
}

const UPPER_HALF = bits(0xffff_ffff_f800_0000n)

export const upperHalf = (a: Operand): string => and(a, UPPER_HALF)

/** a + b exactly, for |a| >= |b| or a = 0. `b` is a local or number; so is `a`. */
export function quickSum({ keep }: Writer, a: Operand, b: Operand): DoubleDouble {
  const high = keep(add(a, b))
  return { high, low: keep(subtract(b, subtract(high, a))) }
}

/** a + b exactly. Both are locals or numbers. */
export function exactSum({ keep }: Writer, a: Operand, b: Operand): DoubleDouble {
  const high = keep(add(a, b))
  const part = keep(subtract(high, a))
  return { high, low: keep(add(subtract(a, subtract(high, part)), subtract(b, part))) }
}

/** a b exactly, barring underflow. Both are locals. */
export function exactProduct({ keep }: Writer, a: string, b: string): DoubleDouble {
  const high = keep(multiply(a, b))
  const aUpper = keep(upperHalf(a))
  const bUpper = keep(upperHalf(b))
  const aLower = keep(subtract(a, aUpper))
  const bLower = keep(subtract(b, bUpper))
  const cross = add(multiply(aUpper, bLower), multiply(aLower, bUpper))
  const low = add(add(subtract(multiply(aUpper, bUpper), high), cross), multiply(aLower, bLower))
  return { high, low: keep(low) }
}

/**
 * The quotient in one division: its upper half by the rounded reciprocal, the rest from the remainder. `high` has 26 bits, `low`
 * the others: their sum has a relative error near 2^-76 before it is rounded.
 */
export function quotient({ keep }: Writer, numerator: DoubleDouble, denominator: DoubleDouble): DoubleDouble {
  const reciprocal = keep(divide(1, denominator.high))
  const high = keep(upperHalf(multiply(numerator.high, reciprocal)))
  const upper = keep(upperHalf(denominator.high))
  const lower = add(subtract(denominator.high, upper), denominator.low)
  const remainder = add(subtract(subtract(numerator.high, multiply(high, upper)), multiply(high, lower)), numerator.low)
  return { high, low: keep(multiply(remainder, reciprocal)) }
}
