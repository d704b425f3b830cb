import { absolute, mathFunction, multiply, negate, subtract, withSignOf } from './function-writer.js'
import { logarithmOnePlus } from './logarithm-one-plus.js'

/** (log(1 + |x|) - log(1 - |x|)) / 2, a sum of two positive terms; halved before, as the sum may be subnormal. Measured maximum error: 1.25
 * ulp. */
export const inverseHyperbolicTangent = mathFunction('inverseHyperbolicTangent', ({ keep, call, x }) => {
  const magnitude = keep(absolute(x))
  const above = multiply(call(logarithmOnePlus, magnitude), 0.5)
  const below = multiply(call(logarithmOnePlus, negate(magnitude)), 0.5)
  return withSignOf(subtract(above, below), x)
})
