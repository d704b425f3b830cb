import { wideExponential } from './exponential-parts.js'
import {
  absolute,
  add,
  and,
  atLeastLimit,
  divide,
  less,
  mathFunction,
  multiply,
  not,
  or,
  polynomial,
  SIGN_BIT,
  select,
  subtract,
} from './function-writer.js'
import { lookUpPairs } from './lookup.js'
import { hyperbolicTangentTable } from './tables/logistic-tables.js'

/** tanh rounds to 1 for |x| > 22. */
const LOWEST = -44
/** Twice the steps of the logistic functions: nodes are multiples of 1/32, up to 16. */
const SHIFTER = 1.5 * 2 ** 47
const FAST_WITHIN = 16 - 1 / 64
/** (tanh(r) / r - 1) / r^2 in r^2 for |r| <= 1/64: own Remez fit of degree 2, relative error of tanh 2^-60. */
const Q = [-0.3333333333332749, 0.13333333188158222, -0.05395799737642394]

const farOut = mathFunction('hyperbolicTangentFarOut', (writer) => {
  const { keep, x } = writer
  const { value } = wideExponential(writer, keep(atLeastLimit(multiply(absolute(x), -2), LOWEST)))
  return subtract(1, multiply(2, value))
})

/**
 * tanh |x| at node + r: with T = tanh(node) and t = tanh(r) = r + c,
 *
 *     (T + t) / (1 + T t) = T + r + (c - T t (T + r)) / (1 + T t),
 *
 * in which the fraction is so small that its rounding errors do not matter. Measured maximum error: 0.75 ulp; tiny x
 * and -0 return themselves.
 */
export const hyperbolicTangent = mathFunction('hyperbolicTangent', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const magnitude = keep(absolute(x))
  const index = keep(add(magnitude, SHIFTER))
  const [high, low] = lookUpPairs(writer, hyperbolicTangentTable, index)
  const r = keep(subtract(magnitude, subtract(index, SHIFTER)))
  const square = keep(multiply(r, r))
  const c = keep(multiply(multiply(r, square), polynomial(square, Q)))
  const product = keep(multiply(high, add(r, c)))
  const fraction = divide(subtract(c, multiply(product, add(high, r))), add(1, product))
  const value = keep(add(high, add(r, add(low, fraction))))
  const isFarOut = not(less(magnitude, FAST_WITHIN))
  ifAny(isFarOut, () => assign(value, select(isFarOut, call(farOut, x), value)))
  return or(value, and(x, SIGN_BIT))
})
