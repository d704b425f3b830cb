import { exactSum, quickSum } from './double-double.js'
import {
  add,
  and,
  andNot,
  divide,
  equal,
  greater,
  less,
  mathFunction,
  multiply,
  not,
  select,
  subtract,
  withSignOf,
} from './function-writer.js'
import { LN2_HIGH, LN2_LOW, logarithmRest, splitSignificand } from './logarithm-of-significand.js'

/**
 * log(1 + x) = k log(2) + log(1 + f), see logarithm-of-significand.ts, with f = x itself where k = 0; elsewhere the rounding
 * error of 1 + x, divided by it, is added. Infinity, NaN and x <= -1 take a rare branch. Measured maximum error: 0.81 ulp; tiny
 * x and -0 return themselves.
 */
export const logarithmOnePlus = mathFunction('logarithmOnePlus', (writer) => {
  const { keep, assign, x } = writer
  const { high: u, low: error } = exactSum(writer, 1, x)
  const { k, m } = splitSignificand(writer, u)
  const isNearOne = keep(equal(k, 0))
  const f = keep(select(isNearOne, x, subtract(m, 1)))
  const correction = keep(andNot(divide(error, u), isNearOne))
  writer.ifAny(not(and(greater(x, -1), less(x, Infinity))), () => {
    const special = select(equal(x, Infinity), Infinity, select(equal(x, -1), -Infinity, NaN))
    assign(correction, select(and(greater(x, -1), less(x, Infinity)), correction, special))
    assign(f, select(and(greater(x, -1), less(x, Infinity)), f, 0))
  })
  const rest = logarithmRest(writer, f, add(multiply(k, LN2_LOW), correction))
  const sum = quickSum(writer, keep(multiply(k, LN2_HIGH)), f)
  return withSignOf(add(sum.high, add(sum.low, rest)), x)
})
