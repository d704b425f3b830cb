import { exactProduct, exactSum, quickSum, upperHalf } from './double-double.js'
import {
  absolute,
  add,
  atLeast,
  divide,
  equal,
  greater,
  less,
  mathFunction,
  multiply,
  negate,
  not,
  or,
  polynomial,
  select,
  subtract,
  type Writer,
} from './function-writer.js'
import { logarithm as plainLogarithm } from './logarithm.js'
import { preciseLogarithm } from './logarithm-of-significand.js'
import { sineOfPiRatio } from './sine-of-pi.js'

/** Below, the recurrence is used once or twice upwards. */
const DIRECT_FROM = 1.5
const ASYMPTOTIC_FROM = 8.5
/** Steps of the recurrence that bring a number below ASYMPTOTIC_FROM to 2.5 or less. */
const STEPS = 6
const OVERFLOW = 2.5599833278516383e305
const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984
/** 54 log(2). */
const LOG_OF_SCALE = 37.42994775023705
/** log(2 pi) / 2. */
const HALF_LOG_TWO_PI = 0.9189385332046727

/** log Gamma(2 + e) = (1 - Euler's constant) e + e^2 R(e): the factor in two parts, the upper of 26 bits. */
const SLOPE_HIGH = 0.42278432846069336
const SLOPE_LOW = 6.637773780018488e-9
/** R(0) = pi^2/12 - 1/2 in two parts. */
const CURVATURE_HIGH = 0.3224670334241132
const CURVATURE_LOW = 1.520336175199238e-17
/** (R(e) - R(0)) / e for |e| <= 1/2: own weighted Remez fit of degree 17 for R, relative error of log Gamma below 2^-59. */
const NEAR_TWO = [
  -0.06735230105319831, 0.02058080842778057, -0.0073855510286497195, 0.0028905103310236492, -0.0011927539127579675,
  0.0005096695156784341, -0.00022315473517510635, 9.945767000062305e-5, -4.4926531013165754e-5, 2.0505617657769902e-5,
  -9.437237577785093e-6, 4.3845885426309e-6, -2.0497508131672137e-6, 9.203175703824058e-7, -4.2005083578502634e-7,
  2.7849163839965737e-7, -1.4328794109594523e-7,
]
/** Stirling's remainder times x, in 1/x^2, for x >= 8.5: own Remez fit of degree 6, 2^-65 relative to log Gamma. */
const STIRLING = [
  0.08333333333333333, -0.002777777777772597, 0.0007936507895599499, -0.0005952366673271342, 0.0008414935925557849,
  -0.0018924149257153807, 0.005123937651008114,
]

/**
 * log |Gamma(x)|. Below 8.5: log Gamma(2 + e) from a polynomial times e, which keeps its relative accuracy at the zeros 1 and 2,
 * and the logarithm of the recurrence's product (Abramowitz & Stegun 1964, 6.1.15). Above: Stirling's formula (6.1.41) in
 * double-double. Negative x: reflection (6.1.17) on a rare branch, with an absolute error of a few 1e-16 times the larger of its
 * terms; Infinity at the poles. Measured maximum error for x > 0: 0.94 ulp.
 */
export const logGamma = mathFunction('logGamma', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const a = keep(absolute(x))
  const isLarge = keep(atLeast(a, ASYMPTOTIC_FROM))
  const { argument, addend, e } = reduce(writer, a, isLarge)
  const logarithm = preciseLogarithm(writer, argument, addend)
  const result = keep(a)
  ifAny(not(isLarge), () => {
    const isBelow = keep(less(a, DIRECT_FROM))
    const signed = (part: string) => keep(select(isBelow, negate(part), part))
    const upper = keep(upperHalf(e))
    const sum = exactSum(writer, signed(logarithm.high), keep(multiply(upper, SLOPE_HIGH)))
    const linearRest = add(multiply(subtract(e, upper), SLOPE_HIGH), multiply(e, SLOPE_LOW))
    const square = exactProduct(writer, e, e)
    const quadratic = exactProduct(writer, square.high, keep(CURVATURE_HIGH))
    const total = exactSum(writer, sum.high, quadratic.high)
    const quadraticRest = add(quadratic.low, add(multiply(square.low, CURVATURE_HIGH), multiply(square.high, CURVATURE_LOW)))
    const tiny = add(add(total.low, sum.low), add(add(linearRest, signed(logarithm.low)), quadraticRest))
    assign(result, add(total.high, add(tiny, multiply(multiply(square.high, e), polynomial(e, NEAR_TWO)))))
  })
  ifAny(isLarge, () => {
    const inverse = keep(divide(1, a))
    const square = keep(multiply(inverse, inverse))
    const product = exactProduct(writer, a, keep(subtract(logarithm.high, 1)))
    const stirling = add(multiply(inverse, polynomial(square, STIRLING)), HALF_LOG_TWO_PI)
    const small = add(subtract(stirling, multiply(logarithm.high, 0.5)), multiply(a, logarithm.low))
    assign(result, select(isLarge, add(product.high, add(product.low, small)), result))
  })
  assign(result, select(or(equal(a, 0), greater(a, OVERFLOW)), Infinity, result))
  ifAny(less(x, 0), () => {
    const { distance, ratio } = sineOfPiRatio(writer, a)
    const logOfSine = call(plainLogarithm, multiply(distance, ratio))
    const reflected = subtract(negate(add(logOfSine, call(plainLogarithm, a))), result)
    assign(result, select(less(x, 0), reflected, result))
  })
  return result
})

/** The number whose logarithm is needed, what to add to that logarithm, and e, exact, with 2 + e in [1.5, 2.5] for small a. */
function reduce(writer: Writer, a: string, isLarge: string): { argument: string; addend: string; e: string } {
  const { keep, assign, ifAny } = writer
  const argument = keep(a)
  const addend = keep(0)
  const e = keep(subtract(a, 1))
  ifAny(keep(less(a, 0.5)), () => {
    const isTiny = keep(less(a, 0.5))
    const square = exactProduct(writer, a, a)
    const sum = quickSum(writer, a, square.high)
    const correction = divide(add(sum.low, square.low), sum.high)
    const isSubnormal = keep(less(a, SMALLEST_NORMAL))
    assign(argument, select(isTiny, select(isSubnormal, multiply(a, TWO_TO_54), sum.high), a))
    assign(addend, select(isTiny, select(isSubnormal, -LOG_OF_SCALE, correction), 0))
    assign(e, select(isTiny, a, e))
  })
  const isRecurrent = keep(select(isLarge, 0, atLeast(a, DIRECT_FROM)))
  ifAny(isRecurrent, () => {
    const rest = keep(a)
    const product = keep(1)
    for (let step = 0; step < STEPS; step++) {
      const isHigh = keep(greater(rest, 2.5))
      const lowered = keep(subtract(rest, 1))
      assign(product, multiply(product, select(isHigh, lowered, 1)))
      assign(rest, select(isHigh, lowered, rest))
    }
    assign(argument, select(isRecurrent, product, argument))
    assign(e, select(isRecurrent, subtract(rest, 2), e))
  })
  return { argument, addend, e }
}
