import { quickSum } from './double-double.js'
import {
  add,
  and,
  atLeast,
  equal,
  less,
  mathFunction,
  multiply,
  not,
  type Operand,
  select,
  subtract,
  type Writer,
} from './function-writer.js'
import { LN2_HIGH, LN2_LOW, logarithmRest, splitSignificand } from './logarithm-of-significand.js'

const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984

/** log(x 2^offset) for a local with positive normal numbers. */
function ofNormal(writer: Writer, x: string, offset: Operand): string {
  const { keep } = writer
  const { k: exponent, m } = splitSignificand(writer, x)
  const k = offset === 0 ? exponent : keep(add(exponent, offset))
  const f = keep(subtract(m, 1))
  const rest = logarithmRest(writer, f, multiply(k, LN2_LOW))
  const sum = quickSum(writer, keep(multiply(k, LN2_HIGH)), f)
  return add(sum.high, add(sum.low, rest))
}

/** Subnormal numbers are scaled by 2^54; 0, negative numbers, Infinity and NaN have results of their own. */
const everywhere = mathFunction('logarithmEverywhere', (writer) => {
  const { keep, x } = writer
  const isSmall = keep(less(x, SMALLEST_NORMAL))
  const value = ofNormal(writer, keep(select(isSmall, multiply(x, TWO_TO_54), x)), and(isSmall, -54))
  const ofPositive = select(equal(x, Infinity), Infinity, value)
  return select(atLeast(x, 0), select(equal(x, 0), -Infinity, ofPositive), NaN)
})

/** log(x) = k log(2) + log(1 + f), see logarithm-of-significand.ts. Measured maximum error: 0.82 ulp. */
export const logarithm = mathFunction('logarithm', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const value = keep(ofNormal(writer, x, 0))
  const isRare = keep(not(and(atLeast(x, SMALLEST_NORMAL), less(x, Infinity))))
  ifAny(isRare, () => assign(value, select(isRare, call(everywhere, x), value)))
  return value
})
