import { quickSum } from './double-double.js'
import { powerOfTwoInHalves, reduceExponent } from './exponent.js'
import { add, atLeastLimit, atMostLimit, mathFunction, multiply } from './function-writer.js'

/** Beyond these arguments exp is Infinity or 0. */
const OVERFLOW = 710
const UNDERFLOW = -746

/** exp(x) = 2^n exp(r), reduced as in exponent.ts. Measured maximum error: 0.79 ulp; subnormal results are rounded once. */
export const exponential = mathFunction('exponential', (writer) => {
  const x = writer.keep(atLeastLimit(atMostLimit(writer.x, OVERFLOW), UNDERFLOW))
  const { n, head, rest } = reduceExponent(writer, x)
  const [scale, otherScale] = powerOfTwoInHalves(writer, n)
  const sum = quickSum(writer, 1, head)
  return multiply(multiply(add(sum.high, add(sum.low, rest)), scale), otherScale)
})
