import { type DoubleDouble, exactProduct, quickSum, quotient } from './double-double.js'
import { reduceExponent } from './exponent.js'
import { add, divide, multiply, negate, polynomial, subtract, type Writer } from './function-writer.js'

/**
 * The two approximations that erf and erfc share.
 *
 * |x| < 1/2: erf(x) = x + x Q(x^2). Q: own Remez fit of degree 9, absolute error 2^-65. Above: erfc(a) = exp(-a^2) P(t) / (1 + 2
 * a), t = (a - 3.5) / (a + 3.5), the form of Shepherd & Laframboise (1981, doi:10.1090/S0025-5718-1981-0595058-X). P: own Remez
 * fit of degree 21 for 0.5 <= a <= 28, relative error 2^-60. Square, product and quotient are double-double.
 */
export const SMALL_BELOW = 0.5
/** erfc is 0 from here on. */
export const VANISHES_AT = 28

const Q = [
  0.1283791670955126, -0.3761263890318375, 0.11283791670954871, -0.02686617064500043, 0.0052239776220315125,
  -0.0008548326512408339, 0.00012055286316237073, -1.4923007885637597e-5, 1.6371330769741951e-6, -1.4621769572573936e-7,
]
const CENTRE = 3.5
const P = [
  1.2423492448711544, -0.14000918013761943, -0.010555596332218323, 0.09751909515325881, -0.11508959816018974, 0.08798315382485694,
  -0.04882332582795263, 0.019099330942607528, -0.00421501990728917, -0.0003022678802474346, 0.000564384415683645,
  -0.00012151239855534354, -4.278223093611073e-5, 2.4260826307152725e-5, 2.3283307789253118e-6, -3.8140977944002958e-6,
  -4.4301982204934675e-8, 5.99709265458475e-7, -7.85522697089046e-9, -9.264405566619845e-8, 5.40868438988272e-10,
  1.026748730568659e-8,
]
const P_LEADING_LOW = -1.049538548472051e-17

/** erf(x) - x for small |x|, with the relative error of one rounding or two. */
export function errorFunctionExcess({ keep }: Writer, x: string): string {
  const square = keep(multiply(x, x))
  return keep(multiply(x, polynomial(square, Q)))
}

/**
 * erfc(a) = 2^n value, for a local SMALL_BELOW <= a <= VANISHES_AT. Where a is itself rounded, a^2 and 2 a + 1 are to be given more precisely:
 * the rest varies slowly.
 */
export function errorFunctionTail(
  writer: Writer,
  a: string,
  square: DoubleDouble = exactProduct(writer, a, a),
  denominator: DoubleDouble = quickSum(writer, writer.keep(multiply(a, 2)), 1),
): { readonly n: string; readonly value: DoubleDouble } {
  const { keep } = writer
  const { n, head, rest } = reduceExponent(writer, keep(negate(square.high)))
  const sum = quickSum(writer, 1, head)
  const { high, low } = quickSum(writer, sum.high, keep(add(sum.low, rest)))
  const significand = { high, low: keep(subtract(low, multiply(square.low, high))) }
  const factor = factorOfTail(writer, a)
  const product = exactProduct(writer, significand.high, factor.high)
  const cross = add(multiply(significand.high, add(factor.low, P_LEADING_LOW)), multiply(significand.low, factor.high))
  const numerator = { high: product.high, low: keep(add(product.low, cross)) }
  return { n, value: quotient(writer, numerator, denominator) }
}

/** P(t), the factor of exp(-a^2) / (1 + 2 a), for a local as above. */
export function factorOfTail(writer: Writer, a: string): DoubleDouble {
  const { keep } = writer
  const t = keep(divide(subtract(a, CENTRE), add(a, CENTRE)))
  const [leading, ...others] = P
  return quickSum(writer, leading, keep(multiply(t, polynomial(t, others))))
}
