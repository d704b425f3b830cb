import { quickSum } from './double-double.js'
import { errorFunctionExcess, errorFunctionTail, SMALL_BELOW, VANISHES_AT } from './error-function-parts.js'
import { powerOfTwoInHalves } from './exponent.js'
import {
  absolute,
  add,
  atLeastLimit,
  atMostLimit,
  less,
  mathFunction,
  multiply,
  negate,
  not,
  select,
  subtract,
} from './function-writer.js'

/**
 * erfc(x) = 1 - erf(x), by one of two approximations or both, as the lanes ask; see error-function-parts.ts. Measured maximum
 * error: 1.09 ulp; subnormal results are rounded once.
 */
export const errorFunctionComplement = mathFunction('errorFunctionComplement', (writer) => {
  const { keep, assign, ifAny, x } = writer
  const magnitude = keep(atMostLimit(absolute(x), VANISHES_AT))
  const isSmall = keep(less(magnitude, SMALL_BELOW))
  const result = keep(0)
  ifAny(isSmall, () => {
    const complement = quickSum(writer, 1, keep(negate(x)))
    assign(result, add(complement.high, subtract(complement.low, errorFunctionExcess(writer, x))))
  })
  ifAny(not(isSmall), () => {
    const { n, value } = errorFunctionTail(writer, keep(atLeastLimit(magnitude, SMALL_BELOW)))
    const [scale, otherScale] = powerOfTwoInHalves(writer, n).map(keep)
    const scaled = (part: string) => multiply(multiply(part, scale), otherScale)
    const sum = quickSum(writer, 2, keep(negate(scaled(value.high))))
    const reflected = add(sum.high, subtract(sum.low, scaled(value.low)))
    const large = select(less(x, 0), reflected, scaled(add(value.high, value.low)))
    assign(result, select(isSmall, result, large))
  })
  return result
})
