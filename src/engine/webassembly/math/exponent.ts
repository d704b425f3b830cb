import { add, divide, multiply, nearest, type Operand, polynomial, shiftLeft, subtract, type Writer } from './function-writer.js'

/**
 * The reduction that all functions with an exponential share: x = n log(2) + r with |r| <= log(2)/2, after Cody & Waite (1980,
 * Software Manual for the Elementary Functions): log(2) in two parts of which the upper has 21 trailing zero bits, so that n
 * times it is exact.
 *
 * Then exp(r) - 1 = r + r c / (2 - c) with c = r - r^2 P(r^2), from the even function r coth(r/2) = 2 + r^2 P(r^2); this form
 * goes back to fdlibm (Ng 1990). P: own weighted Remez fit of degree 4 on r^2 <= (log(2)/2)^2; relative error of exp(r) - 1
 * below 2^-60.
 */
export interface ReducedExponent {
  /** The integer n, as a float. */
  readonly n: string
  /** exp(r) - 1 = head + rest; head is exact and close to r, |rest| < 0.08. */
  readonly head: string
  readonly rest: string
}

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const P = [0.16666666666666602, -0.0027777777777015303, 6.613756321411228e-5, -1.6533902198223645e-6, 4.13813679834464e-8]

const LEANING_P = [
  0.16666666666666666, -0.00277777777777726, 6.613756611722278e-5, -1.6534387859361062e-6, 4.1750155716302133e-8,
  -1.0417205200797452e-9,
]
const LEAN = 0.07

/**
 * `x` is a local within +-1100. With `isLeaning`, n is 0 up to x = 0.395 and r lies in [-0.299, 0.396]: then the sums that make
 * exp(x) - 1 cancel little, as exp(x) - 1 passes 1/2 at 0.405. P has degree 5 in that case, with an error below 2^-67.
 */
export function reduceExponent({ keep }: Writer, x: string, isLeaning = false): ReducedExponent {
  const turns = multiply(x, Math.LOG2E)
  const n = keep(nearest(isLeaning ? subtract(turns, LEAN) : turns))
  const head = keep(subtract(x, multiply(n, LN2_HIGH)))
  const tail = keep(multiply(n, LN2_LOW))
  const r = keep(subtract(head, tail))
  const square = keep(multiply(r, r))
  const c = keep(subtract(r, multiply(square, polynomial(square, isLeaning ? LEANING_P : P))))
  return { n, head, rest: keep(subtract(divide(multiply(r, c), subtract(2, c)), tail)) }
}

/** 1.5 * 2^52 + 1023: added to an integer n, it leaves the exponent bits of 2^n at the end of the significand. */
const EXPONENT_SHIFTER = 6755399441056767

/** 2^n for integer -1022 <= n <= 1023. */
export function powerOfTwo(n: Operand): string {
  return shiftLeft(add(n, EXPONENT_SHIFTER), 52)
}

/** Two factors whose product is 2^n for |n| <= 2044; multiplying by one after the other underflows with a single rounding. */
export function powerOfTwoInHalves({ keep }: Writer, n: string): readonly [string, string] {
  const half = keep(add(multiply(n, 0.5), EXPONENT_SHIFTER))
  const otherHalf = add(subtract(n, subtract(half, EXPONENT_SHIFTER)), EXPONENT_SHIFTER)
  return [shiftLeft(half, 52), shiftLeft(otherHalf, 52)]
}
