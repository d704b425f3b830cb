import { quickSum } from './double-double.js'
import { add, and, atLeast, equal, less, mathFunction, multiply, not, select, subtract } from './function-writer.js'
import { LN2_HIGH, LN2_LOW, logarithmRest, splitSignificand } from './logarithm-of-significand.js'

const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984

/**
 * log(x) = k log(2) + log(1 + f), see logarithm-of-significand.ts. Subnormal numbers are scaled by 2^54 on a branch that is
 * rarely taken, where 0, negative numbers, Infinity and NaN get an addend that decides the result. Measured maximum error: 0.82
 * ulp.
 */
export const logarithm = mathFunction('logarithm', (writer) => {
  const { keep, assign, x } = writer
  const scaled = keep(x)
  const exponentOffset = keep(0)
  const addend = keep(0)
  writer.ifAny(not(and(atLeast(x, SMALLEST_NORMAL), less(x, Infinity))), () => {
    const isSmall = keep(less(x, SMALLEST_NORMAL))
    assign(scaled, select(isSmall, multiply(x, TWO_TO_54), x))
    assign(exponentOffset, and(isSmall, -54))
    assign(addend, select(atLeast(x, SMALLEST_NORMAL), select(equal(x, Infinity), Infinity, 0), NaN))
    assign(addend, select(and(isSmall, atLeast(x, 0)), select(equal(x, 0), -Infinity, 0), addend))
  })
  const { k: scaledK, m } = splitSignificand(writer, scaled)
  const k = keep(add(scaledK, exponentOffset))
  const f = keep(subtract(m, 1))
  const rest = logarithmRest(writer, f, add(multiply(k, LN2_LOW), addend))
  const sum = quickSum(writer, keep(multiply(k, LN2_HIGH)), f)
  return add(sum.high, add(sum.low, rest))
})
