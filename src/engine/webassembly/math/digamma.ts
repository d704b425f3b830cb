import { exactProduct, exactSum, quickSum } from './double-double.js'
import {
  absolute,
  add,
  and,
  atLeast,
  divide,
  equal,
  greater,
  less,
  mathFunction,
  multiply,
  not,
  polynomial,
  select,
  subtract,
  type Writer,
} from './function-writer.js'
import { preciseLogarithm } from './logarithm-of-significand.js'
import { cosineOfPi, sineOfPiRatio } from './sine-of-pi.js'

/** Below, digamma(x) rounds to -1/x, which may overflow. */
const POLE_ONLY_BELOW = 1e-100
const ASYMPTOTIC_FROM = 6
/** Steps of the recurrence that bring a number below ASYMPTOTIC_FROM to 3 or less. */
const STEPS = 3
/** The positive zero 1.4616321449683623412626595... less 2, in two parts. */
const ZERO_HIGH = 1.4616321449683622 - 2
const ZERO_LOW = 9.549995429965697e-17

/** digamma(2 + u) / (2 + u - zero) for |u| <= 1: own weighted Remez fit of degree 29, relative error 2^-57. */
const NEAR_ZERO = [
  0.7853075386041053, -0.2607389546830014, 0.10899991701762615, -0.04955103291766925, 0.023447309597731718, -0.011338432553487376,
  0.0055522541711658605, -0.0027395728801597593, 0.001358142192858564, -0.0006753134031372713, 0.000336432356113344,
  -0.00016781495543141778, 8.377976968869147e-5, -4.184730526181883e-5, 2.0891340408071404e-5, -1.0437605366938129e-5,
  5.269626272102594e-6, -2.6417064504271667e-6, 1.2104104827970887e-6, -5.931658347019414e-7, 4.636468934553065e-7,
  -2.4551120024799366e-7, -5.80150586172881e-8, 3.9835063602951664e-8, 1.1627335126109693e-7, -6.3767181618656e-8,
  -3.5983903279677036e-8, 1.9724632633068138e-8, 1.0241448187964414e-8, -5.35973576228529e-9,
]
/** (log(x) - 1/(2x) - digamma(x)) x^2 in 1/x^2 for x >= 6: own Remez fit of degree 9, 2^-62. */
const ASYMPTOTIC = [
  0.08333333333333333, -0.008333333333333097, 0.003968253967965496, -0.004166666529706838, 0.007575724374982483,
  -0.021088129883705488, 0.08292752700732901, -0.4207497988336572, 2.251333612523891, -8.07374744221966,
]

/**
 * The derivative of log Gamma. Below 6: recurrence (Abramowitz & Stegun 1964, 6.3.5) to [1, 3], where a polynomial times the
 * distance from the zero keeps the relative accuracy. Above: the asymptotic series (6.3.18). Negative x: reflection (6.3.7) on a
 * rare branch, with an absolute error of a few 1e-16 times the larger of its terms; NaN at the poles 0, -1, -2, ... Measured
 * maximum error for x > 0: 1.87 ulp.
 */
export const digamma = mathFunction('digamma', (writer) => {
  const { keep, assign, ifAny, x } = writer
  const a = keep(absolute(x))
  const isLarge = keep(atLeast(a, ASYMPTOTIC_FROM))
  const result = keep(a)
  ifAny(not(isLarge), () => assign(result, belowAsymptotic(writer, a)))
  ifAny(isLarge, () => {
    const logarithm = preciseLogarithm(writer, a, keep(0))
    const inverse = keep(divide(1, a))
    const square = keep(multiply(inverse, inverse))
    const rest = add(multiply(inverse, 0.5), multiply(square, polynomial(square, ASYMPTOTIC)))
    const large = add(logarithm.high, subtract(logarithm.low, rest))
    assign(result, select(isLarge, select(equal(a, Infinity), a, large), result))
  })
  ifAny(not(greater(x, 0)), () => {
    const { distance, ratio, offset } = sineOfPiRatio(writer, a)
    const cotangent = divide(cosineOfPi(writer, offset), multiply(offset, ratio))
    const reflected = add(result, add(divide(1, a), cotangent))
    assign(result, select(greater(x, 0), result, select(equal(distance, 0), NaN, reflected)))
  })
  return result
})

function belowAsymptotic(writer: Writer, a: string): string {
  const { keep, assign, ifAny } = writer
  const isBelowOne = keep(less(a, 1))
  const rest = keep(a)
  const numerator = keep(and(isBelowOne, -1))
  const denominator = keep(select(isBelowOne, a, 1))
  ifAny(greater(a, 3), () => {
    for (let step = 0; step < STEPS; step++) {
      const isHigh = keep(greater(rest, 3))
      const lowered = keep(subtract(rest, 1))
      assign(numerator, select(isHigh, add(multiply(numerator, lowered), denominator), numerator))
      assign(denominator, select(isHigh, multiply(denominator, lowered), denominator))
      assign(rest, select(isHigh, lowered, rest))
    }
  })
  const u = keep(subtract(rest, select(isBelowOne, 1, 2)))
  const fromZero = exactSum(writer, u, -ZERO_HIGH)
  const [leading, ...others] = NEAR_ZERO
  const slope = quickSum(writer, leading, keep(multiply(u, polynomial(u, others))))
  const product = exactProduct(writer, fromZero.high, slope.high)
  const cross = add(multiply(fromZero.high, slope.low), multiply(subtract(fromZero.low, ZERO_LOW), slope.high))
  const ratio = keep(divide(numerator, denominator))
  const sum = exactSum(writer, ratio, product.high)
  return select(less(a, POLE_ONLY_BELOW), ratio, add(sum.high, add(sum.low, add(product.low, cross))))
}
