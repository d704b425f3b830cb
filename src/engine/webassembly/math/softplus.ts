import { UNDERFLOW, wideExponential } from './exponential-parts.js'
import {
  absolute,
  add,
  atLeastLimit,
  divide,
  less,
  mathFunction,
  multiply,
  negate,
  not,
  polynomial,
  select,
  subtract,
} from './function-writer.js'
import { FAST_WITHIN, nearestNode } from './logistic-parts.js'
import { lookUpFirst, lookUpPairs } from './lookup.js'
import { sigmoidTable, softplusTable } from './tables/logistic-tables.js'

/** (2 artanh(z) / z - 2) / z^2 in z^2 for |z| <= 1/60: own Remez fit, relative error of 2 artanh(z) 2^-56. */
const A = [0.6666666666674178, 0.3999999827392127, 0.2858270375007234]

/** Far out: x + e, or e - e^2/2 with its power of two applied last; e = exp(-|x|). */
const farOut = mathFunction('softplusFarOut', (writer) => {
  const { keep, x } = writer
  const { significand, correction, scales, value } = wideExponential(writer, keep(atLeastLimit(negate(absolute(x)), UNDERFLOW)))
  const small = add(significand, multiply(significand, subtract(correction, multiply(value, 0.5))))
  return select(less(x, 0), multiply(multiply(small, scales[0]), scales[1]), add(x, value))
})

/**
 * log(1 + exp(x)) from its value at the nearest node, see logistic-parts.ts for v: with s the sigmoid of the node, the difference is
 * 2 artanh(z), z = s v / (2 - (1 - s) v). Measured maximum error: 0.56 ulp, 0.75 at the change to subnormal numbers.
 */
export const softplus = mathFunction('softplus', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const { index, v } = nearestNode(writer, x)
  const [high, low] = lookUpPairs(writer, softplusTable, index)
  const s = lookUpFirst(writer, sigmoidTable, index)
  const z = keep(divide(multiply(s, v), add(2, multiply(subtract(s, 1), v))))
  const square = keep(multiply(z, z))
  const cubic = multiply(multiply(z, square), polynomial(square, A))
  const value = keep(add(high, add(add(z, z), add(low, cubic))))
  const isFarOut = not(less(absolute(x), FAST_WITHIN))
  ifAny(isFarOut, () => assign(value, select(isFarOut, call(farOut, x), value)))
  return value
})
