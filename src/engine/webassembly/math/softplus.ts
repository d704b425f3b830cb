import { exactSum, quickSum } from './double-double.js'
import { add, and, atLeast, atLeastLimit, divide, greater, mathFunction, multiply, select, subtract } from './function-writer.js'
import { LN2_HIGH, LN2_LOW, logarithmRest } from './logarithm-of-significand.js'
import { smallExponential } from './small-exponential.js'

/** From here on, the logarithm is below half an ulp of x. */
const LINEAR_FROM = 40

/**
 * log(1 + exp(x)) = max(x, 0) + log(1 + e) with e = exp(-|x|) in double-double; 1 + e = 2^k (1 + f), k = 0 or 1, see
 * logarithm-of-significand.ts. Measured maximum error: 0.81 ulp; exp(x) for very negative x, x for large x.
 */
export const softplus = mathFunction('softplus', (writer) => {
  const { keep, x } = writer
  const { value: e } = smallExponential(writer)
  const { high: u, low: error } = quickSum(writer, 1, e.high)
  const isHalved = keep(atLeast(u, Math.SQRT2))
  const f = keep(select(isHalved, subtract(multiply(u, 0.5), 1), e.high))
  const correction = divide(add(and(error, isHalved), e.low), u)
  const rest = logarithmRest(writer, f, add(and(LN2_LOW, isHalved), correction))
  const logarithm = quickSum(writer, keep(and(LN2_HIGH, isHalved)), f)
  const sum = exactSum(writer, keep(atLeastLimit(x, 0)), logarithm.high)
  return select(greater(x, LINEAR_FROM), x, add(sum.high, add(sum.low, add(logarithm.low, rest))))
})
