import { wideExponential } from './exponential-parts.js'
import {
  absolute,
  add,
  atMostLimit,
  divide,
  less,
  mathFunction,
  multiply,
  not,
  polynomial,
  select,
  subtract,
  withSignOf,
} from './function-writer.js'

/** sinh is infinite beyond. */
const OVERFLOW = 712
const POLYNOMIAL_BELOW = 1
/** (sinh(x) / x - 1) / x^2 in x^2 for |x| <= 1: own Remez fit of degree 6, error of sinh 2^-63. */
const P = [
  0.16666666666666669, 0.008333333333333139, 0.00019841269841437762, 2.755731915531004e-6, 2.505212340297213e-8,
  1.6057239986149229e-10, 7.759323295952211e-13,
]

/** x + x^3 P(x^2) for |x| < 1; above, (e - 1/e) / 2 with e = exp(|x|), as twice a quarter of it, so that nothing overflows
 * before the result does. Measured maximum error: 0.82 ulp; tiny x and -0 return
 * themselves. */
export const hyperbolicSine = mathFunction('hyperbolicSine', (writer) => {
  const { keep, assign, ifAny, x } = writer
  const magnitude = keep(atMostLimit(absolute(x), OVERFLOW))
  const isSmall = keep(less(magnitude, POLYNOMIAL_BELOW))
  const square = keep(multiply(magnitude, magnitude))
  const result = keep(add(magnitude, multiply(multiply(magnitude, square), polynomial(square, P))))
  ifAny(not(isSmall), () => {
    const { significand, correction, scales, value } = wideExponential(writer, magnitude)
    const quarter = (part: string) => multiply(multiply(part, scales[0]), multiply(scales[1], 0.25))
    const small = subtract(quarter(multiply(significand, correction)), divide(0.25, value))
    assign(result, select(isSmall, result, multiply(add(quarter(significand), small), 2)))
  })
  return withSignOf(result, x)
})
