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
  select,
  subtract,
} from './function-writer.js'
import { FAST_WITHIN, nearestNode } from './logistic-parts.js'
import { lookUpPairs } from './lookup.js'
import { sigmoidTable } from './tables/logistic-tables.js'

/** Far out: 1 - e, or e - e^2 with its power of two applied last so that it underflows with a single rounding; e = exp(-|x|). */
const farOut = mathFunction('sigmoidFarOut', (writer) => {
  const { keep, x } = writer
  const { significand, correction, scales, value } = wideExponential(writer, keep(atLeastLimit(negate(absolute(x)), UNDERFLOW)))
  const small = add(significand, multiply(significand, subtract(correction, value)))
  return select(less(x, 0), multiply(multiply(small, scales[0]), scales[1]), subtract(1, value))
})

/** 1 / (1 + exp(-x)) from its value at the nearest node, see logistic-parts.ts. Measured maximum error: 0.63 ulp, 0.75 at the change to subnormal numbers. */
export const sigmoid = mathFunction('sigmoid', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const { index, v } = nearestNode(writer, x)
  const [high, low] = lookUpPairs(writer, sigmoidTable, index)
  const slope = subtract(high, multiply(high, high))
  const step = divide(multiply(slope, v), add(1, multiply(subtract(high, 0.5), v)))
  const value = keep(add(high, add(low, step)))
  const isFarOut = not(less(absolute(x), FAST_WITHIN))
  ifAny(isFarOut, () => assign(value, select(isFarOut, call(farOut, x), value)))
  return value
})
