import { type DoubleDouble, exactProduct, exactSum, quickSum, quotient } from './double-double.js'
import { errorFunctionExcess, errorFunctionTail, factorOfTail, SMALL_BELOW } from './error-function-parts.js'
import { powerOfTwoInHalves } from './exponent.js'
import { wideExponential } from './exponential-parts.js'
import {
  absolute,
  add,
  atLeastLimit,
  atMostLimit,
  divide,
  less,
  mathFunction,
  multiply,
  negate,
  not,
  polynomial,
  select,
  subtract,
  type Writer,
} from './function-writer.js'
import { logarithm } from './logarithm.js'
import { logarithmOnePlus } from './logarithm-one-plus.js'

/**
 * The standard normal distribution function Phi, its logarithm and phi / Phi, by the two approximations of error-function-parts.ts: Phi(-x) =
 * erfc(x / sqrt(2)) / 2, the square in exp(-x^2/2) taken without rounding.
 *
 * In the lower tail phi(x) / Phi(x) = (2 / sqrt(pi) |x| + sqrt(2 / pi)) / P(t), which neither underflows nor cancels, and the logarithm of
 * Phi is formed from it. Measured maximum errors: 1.06, 1.56 (logarithm) and 1.73 ulp (ratio).
 */
const CENTRAL_WITHIN = SMALL_BELOW * Math.SQRT2
/** Where the approximation to the tail ends and the asymptotic series has converged. */
const ASYMPTOTIC_BEYOND = 39
/** sqrt(1/2) = SQRT1_2 + this. */
const SQRT_HALF_LOW = -4.833646656726457e-17
const ROOT_TWO_PI = 2.5066282746310007
/** x (1 - Phi(x)) / phi(x) in 1/x^2: (-1)^n (2n - 1)!! (Abramowitz & Stegun 1964, 26.2.12), 2^-60 for x >= 39. */
const ASYMPTOTIC = [1, -1, 3, -15, 105, -945, 10395, -135135]
/** A linear function of |x|: slope and value at 0, each in two parts. */
type Linear = readonly [slope: readonly [number, number], atZero: readonly [number, number]]
/** 1 + 2 |x| / sqrt(2). */
const OF_TAIL: Linear = [
  [Math.SQRT2, -9.667293313452913e-17],
  [1, 0],
]
/** log(phi(0)). */
const LOG_DENSITY_AT_ZERO = [-0.9189385332046728, 3.878294158067242e-17] as const
const OF_RATIO: Linear = [
  [1.1283791670955126, 1.533545961316588e-17],
  [0.7978845608028654, -4.98465440455546e-17],
]
/** The same times sqrt(2 pi). */
const OF_SCALED_RATIO: Linear = [
  [2.8284271247461903, -1.9334586626905827e-16],
  [2, 0],
]

export const normalCdf = mathFunction('normalCdf', (writer) => {
  const { keep, assign, ifAny, x } = writer
  const magnitude = keep(atMostLimit(absolute(x), ASYMPTOTIC_BEYOND))
  const isCentral = keep(less(magnitude, CENTRAL_WITHIN))
  const result = keep(0)
  ifAny(isCentral, () => assign(result, central(writer, x)))
  ifAny(not(isCentral), () => {
    const within = keep(atLeastLimit(magnitude, CENTRAL_WITHIN))
    const square = exactProduct(writer, within, within)
    const half = { high: keep(multiply(square.high, 0.5)), low: keep(multiply(square.low, 0.5)) }
    const denominator = linear(writer, within, OF_TAIL)
    const { n, value } = errorFunctionTail(writer, keep(multiply(within, Math.SQRT1_2)), half, denominator)
    const [scale, otherScale] = powerOfTwoInHalves(writer, n).map(keep)
    const scaled = keep(multiply(multiply(add(value.high, value.low), multiply(scale, 0.5)), otherScale))
    assign(result, select(isCentral, result, select(less(x, 0), scaled, subtract(1, scaled))))
  })
  return result
})

/** 1/2 + erf(x / sqrt(2)) / 2 for |x| < CENTRAL_WITHIN. */
function central(writer: Writer, x: string): string {
  const { keep } = writer
  const scaled = exactProduct(writer, x, keep(Math.SQRT1_2))
  const excess = errorFunctionExcess(writer, scaled.high)
  const sum = quickSum(writer, 0.5, keep(multiply(scaled.high, 0.5)))
  const small = add(excess, add(scaled.low, multiply(x, SQRT_HALF_LOW)))
  return add(sum.high, add(sum.low, multiply(small, 0.5)))
}

function linear(writer: Writer, a: string, [slope, atZero]: Linear): DoubleDouble {
  const { keep } = writer
  const product = exactProduct(writer, a, keep(slope[0]))
  const sum = exactSum(writer, product.high, keep(atZero[0]))
  const rest = add(add(product.low, multiply(a, slope[1])), add(sum.low, atZero[1]))
  return { high: sum.high, low: keep(rest) }
}

/** phi / Phi at -a times `factor`, which `numerator` contains already, for a local a >= CENTRAL_WITHIN. */
function tailRatio(writer: Writer, a: string, numerator: Linear, factor: number): DoubleDouble {
  const { keep, assign, ifAny } = writer
  const within = keep(atMostLimit(a, ASYMPTOTIC_BEYOND))
  const tail = factorOfTail(writer, keep(multiply(within, Math.SQRT1_2)))
  const parts = quotient(writer, linear(writer, within, numerator), tail)
  const { high, low } = quickSum(writer, parts.high, parts.low)
  const isBeyond = keep(less(ASYMPTOTIC_BEYOND, a))
  ifAny(isBeyond, () => {
    const inverse = keep(divide(1, a))
    const square = keep(multiply(inverse, inverse))
    const ratio = multiply(divide(a, polynomial(square, ASYMPTOTIC)), factor)
    assign(high, select(isBeyond, ratio, high))
    assign(low, select(isBeyond, 0, low))
  })
  return { high, low }
}

/** phi(x) for a local |x| <= ASYMPTOTIC_BEYOND. */
function normalDensity(writer: Writer, x: string): string {
  const { keep } = writer
  const square = exactProduct(writer, x, x)
  const exponent = exactSum(writer, keep(multiply(square.high, -0.5)), keep(LOG_DENSITY_AT_ZERO[0]))
  const rest = keep(add(exponent.low, subtract(LOG_DENSITY_AT_ZERO[1], multiply(square.low, 0.5))))
  const { significand, correction, scales } = wideExponential(writer, exponent.high)
  const whole = add(correction, multiply(rest, add(1, correction)))
  return multiply(multiply(add(significand, multiply(significand, whole)), scales[0]), scales[1])
}

/** In the lower tail -x^2/2 - log(sqrt(2 pi) phi / Phi); for positive x log(1 - Phi(-x)). */
export const logNormalCdf = mathFunction('logNormalCdf', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const isTail = keep(less(x, -CENTRAL_WITHIN))
  const result = keep(0)
  ifAny(isTail, () => {
    const a = keep(atLeastLimit(negate(x), CENTRAL_WITHIN))
    const ratio = tailRatio(writer, a, OF_SCALED_RATIO, ROOT_TWO_PI)
    const square = exactProduct(writer, a, a)
    const sum = exactSum(writer, keep(multiply(square.high, -0.5)), keep(negate(call(logarithm, ratio.high))))
    const small = subtract(subtract(sum.low, divide(ratio.low, ratio.high)), multiply(square.low, 0.5))
    assign(result, select(less(a, 1e100), add(sum.high, small), multiply(multiply(a, -0.5), a)))
  })
  ifAny(not(isTail), () => {
    const cdf = keep(call(normalCdf, negate(absolute(x))))
    const isNegative = less(x, 0)
    const inside = select(isNegative, call(logarithm, cdf), call(logarithmOnePlus, negate(cdf)))
    assign(result, select(isTail, result, inside))
  })
  return result
})

export const inverseMillsRatio = mathFunction('inverseMillsRatio', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const isTail = keep(less(x, -CENTRAL_WITHIN))
  const result = keep(0)
  ifAny(isTail, () => {
    const { high, low } = tailRatio(writer, keep(atLeastLimit(negate(x), CENTRAL_WITHIN)), OF_RATIO, 1)
    assign(result, add(high, low))
  })
  ifAny(not(isTail), () => {
    const density = normalDensity(writer, keep(atLeastLimit(atMostLimit(x, ASYMPTOTIC_BEYOND), -CENTRAL_WITHIN)))
    assign(result, select(isTail, result, divide(density, call(normalCdf, x))))
  })
  return result
})
