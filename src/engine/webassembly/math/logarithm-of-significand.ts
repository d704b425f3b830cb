import { type DoubleDouble, quickSum, upperHalf } from './double-double.js'
import {
  add,
  addIntegers,
  and,
  bits,
  divide,
  multiply,
  negate,
  or,
  polynomial,
  shiftRight,
  subtract,
  type Writer,
} from './function-writer.js'

/**
 * What the logarithms share: x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), and
 * log(1 + f) = f - (f^2/2 - s (f^2/2 + z G(z))), s = f / (2 + f), z = s^2, from log(1 + f) = 2 artanh(s), as in fdlibm (Ng 1990).
 * G: own weighted Remez fit of degree 6 on z <= 0.0295; relative error of log(1 + f) below 2^-59.
 */
export const LN2_HIGH = 0.6931471803691238
export const LN2_LOW = 1.9082149292705877e-10
const G = [
  0.6666666666666734, 0.39999999999414426, 0.28571428742475935, 0.22222198561532092, 0.1818356504663879, 0.15314029508202429,
  0.14796183994829248,
]

/** 1 minus the upper 32 bits of sqrt(1/2): moves the change of exponent from 1 to sqrt(1/2). */
const TO_ONE = bits(0x3ff0_0000_0000_0000n - 0x3fe6_a09e_0000_0000n)
const SQRT_HALF = bits(0x3fe6_a09e_0000_0000n)
const FRACTION = bits(0x000f_ffff_ffff_ffffn)
/** 2^52 as bits: an integer below 2^52 in the significand makes it 2^52 + integer. */
const TWO_TO_52 = bits(0x4330_0000_0000_0000n)
/** 2^52 + 1023. */
const EXPONENT_OFFSET = 4503599627371519

export interface Significand {
  /** The integer k, as a float. */
  readonly k: string
  /** x / 2^k, in [sqrt(1/2), sqrt(2)). */
  readonly m: string
}

/** `x` is a positive normal number; anything else gives finite nonsense. */
export function splitSignificand({ keep }: Writer, x: string): Significand {
  const moved = keep(addIntegers(x, TO_ONE))
  const k = keep(subtract(or(shiftRight(moved, 52), TWO_TO_52), EXPONENT_OFFSET))
  return { k, m: keep(addIntegers(and(moved, FRACTION), SQRT_HALF)) }
}

/** log(1 + f) - f + addend, the addend taking part in the least significant place. `f` is a local. */
export function logarithmRest(writer: Writer, f: string, addend: string): string {
  const halfSquare = writer.keep(multiply(multiply(f, 0.5), f))
  return writer.keep(subtract(add(product(writer, f, halfSquare), addend), halfSquare))
}

/** s (f^2/2 + z G(z)). */
function product({ keep }: Writer, f: string, halfSquare: string): string {
  const s = keep(divide(f, add(2, f)))
  const z = keep(multiply(s, s))
  return multiply(s, add(halfSquare, multiply(z, polynomial(z, G))))
}

/**
 * log(x) + addend in double-double, for a local that holds positive normal numbers. The addend is tiny; error about 2^-58
 * log(x).
 */
export function preciseLogarithm(writer: Writer, x: string, addend: string): DoubleDouble {
  const { keep } = writer
  const { k, m } = splitSignificand(writer, x)
  const f = keep(subtract(m, 1))
  const upper = keep(upperHalf(f))
  const upperHalfSquare = keep(multiply(multiply(upper, 0.5), upper))
  const lowerHalfSquare = keep(multiply(multiply(subtract(f, upper), 0.5), add(f, upper)))
  const first = quickSum(writer, keep(multiply(k, LN2_HIGH)), f)
  const second = quickSum(writer, first.high, keep(negate(upperHalfSquare)))
  const small = add(multiply(k, LN2_LOW), add(subtract(addend, lowerHalfSquare), add(first.low, second.low)))
  return quickSum(writer, second.high, keep(add(product(writer, f, add(upperHalfSquare, lowerHalfSquare)), small)))
}
