import { exponential } from './exponential.js'
import { exponentialMinusOne } from './exponential-minus-one.js'
import { absolute, add, equal, greater, mathFunction, negate, not, select, subtract } from './function-writer.js'
import { logarithm } from './logarithm.js'
import { logarithmOnePlus } from './logarithm-one-plus.js'
import { softplus } from './softplus.js'

/** log(exp(x) + exp(y)) = max(x, y) + log(1 + exp(-|x - y|)). */
export const logAddExp = mathFunction(
  'logAddExp',
  ({ keep, call, x, y }) => {
    const difference = keep(subtract(x, y))
    const larger = select(greater(x, y), x, y)
    const rest = call(softplus, negate(absolute(difference)))
    return select(equal(x, y), add(x, Math.LN2), add(larger, rest))
  },
  { parameterCount: 2 },
)

/** log(1 - exp(x)) by whichever of two formulas does not cancel (Maechler 2012). Measured maximum error: 1.46 ulp. */
export const logOneMinusExp = mathFunction('logOneMinusExp', ({ keep, assign, ifAny, call, x }) => {
  const isNearZero = keep(greater(x, -Math.LN2))
  const result = keep(0)
  ifAny(isNearZero, () => assign(result, call(logarithm, negate(call(exponentialMinusOne, x)))))
  ifAny(not(isNearZero), () => assign(result, select(isNearZero, result, call(logarithmOnePlus, negate(call(exponential, x))))))
  return result
})
