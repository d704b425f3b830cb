import { quickSum, quotient } from './double-double.js'
import { powerOfTwo, reduceExponent } from './exponent.js'
import { absolute, add, atLeastLimit, mathFunction, multiply, negate, withSignOf } from './function-writer.js'

/** tanh rounds to 1 for |x| > 22. */
const LOWEST = -44

/**
 * tanh |x| = -t / (2 + t) with t = exp(-2 |x|) - 1, all in double-double; see exponential-minus-one.ts for t.
 * Measured maximum error: 0.83 ulp; tiny x and -0 return themselves.
 */
export const hyperbolicTangent = mathFunction('hyperbolicTangent', (writer) => {
  const { keep, x } = writer
  const { n, head, rest } = reduceExponent(writer, keep(atLeastLimit(multiply(absolute(x), -2), LOWEST)))
  const offset = quickSum(writer, keep(negate(powerOfTwo(negate(n)))), 1)
  const sum = quickSum(writer, offset.high, head)
  const scale = keep(powerOfTwo(n))
  const high = keep(multiply(sum.high, scale))
  const t = quickSum(writer, high, keep(multiply(add(add(sum.low, offset.low), rest), scale)))
  const two = quickSum(writer, 2, t.high)
  const result = quotient(writer, t, { high: two.high, low: keep(add(two.low, t.low)) })
  return withSignOf(add(result.high, result.low), x)
})
