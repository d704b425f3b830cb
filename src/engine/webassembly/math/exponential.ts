import { normalExponential, UNDERFLOW, wideExponential } from './exponential-parts.js'
import { absolute, add, atLeastLimit, atMostLimit, less, mathFunction, multiply, not, select } from './function-writer.js'

/** Up to here, exp and the correction to its power of two are normal numbers. */
const NORMAL_WITHIN = 700
/** Beyond these arguments exp is Infinity or 0. */
const OVERFLOW = 710

const everywhere = mathFunction(
  'exponentialEverywhere',
  (writer) => wideExponential(writer, writer.keep(atLeastLimit(atMostLimit(writer.x, OVERFLOW), UNDERFLOW))).value,
)

/** exp(x), see exponential-parts.ts. Measured maximum error: 0.55 ulp where the result is a normal number, 0.75
 * ulp at the change to subnormal numbers. */
export const exponential = mathFunction('exponential', (writer) => {
  const { keep, assign, ifAny, call, x } = writer
  const { power, correction } = normalExponential(writer, x)
  const value = keep(add(power, multiply(power, correction)))
  const isBeyond = not(less(absolute(x), NORMAL_WITHIN))
  ifAny(isBeyond, () => assign(value, select(isBeyond, call(everywhere, x), value)))
  return value
})
