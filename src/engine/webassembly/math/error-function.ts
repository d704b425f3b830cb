import { quickSum } from './double-double.js'
import { errorFunctionExcess, errorFunctionTail, SMALL_BELOW } from './error-function-parts.js'
import { powerOfTwo } from './exponent.js'
import {
  absolute,
  add,
  atLeastLimit,
  atMostLimit,
  less,
  mathFunction,
  multiply,
  not,
  select,
  subtract,
  withSignOf,
} from './function-writer.js'

/** erf rounds to 1 from here on. */
const ONE_FROM = 6

/**
 * erf(x), by one of two approximations or both, as the lanes ask; see error-function-parts.ts. Measured maximum error: 0.81 ulp;
 * -0 returns itself.
 */
export const errorFunction = mathFunction('errorFunction', (writer) => {
  const { keep, assign, ifAny, x } = writer
  const magnitude = keep(atMostLimit(absolute(x), ONE_FROM))
  const isSmall = keep(less(magnitude, SMALL_BELOW))
  const result = keep(0)
  ifAny(isSmall, () => assign(result, add(magnitude, errorFunctionExcess(writer, magnitude))))
  ifAny(not(isSmall), () => {
    const { n, value } = errorFunctionTail(writer, keep(atLeastLimit(magnitude, SMALL_BELOW)))
    const scale = keep(powerOfTwo(n))
    const sum = quickSum(writer, 1, keep(multiply(value.high, multiply(scale, -1))))
    assign(result, select(isSmall, result, add(sum.high, subtract(sum.low, multiply(value.low, scale)))))
  })
  return withSignOf(result, x)
})
