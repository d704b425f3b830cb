import { exactProduct, exactSum } from './double-double.js'
import {
  absolute,
  add,
  and,
  divide,
  equal,
  greater,
  less,
  mathFunction,
  multiply,
  not,
  polynomial,
  select,
  subtract,
  type Writer,
} from './function-writer.js'
import { sineOfPiRatio } from './sine-of-pi.js'

/** Below, trigamma(x) rounds to 1/x^2, which may overflow. */
const POLE_ONLY_BELOW = 1e-100
const ASYMPTOTIC_FROM = 8
/** (trigamma(x) - 1/x - 1/(2 x^2)) x^3 in 1/x^2 for x >= 8: own Remez fit of degree 6, 2^-60 relative to trigamma. */
const ASYMPTOTIC = [
  0.16666666666666397, -0.03333333332887132, 0.023809521305256147, -0.033332664086703295, 0.075661116569569, -0.24533716538638448,
  0.8269385158039403,
]

/**
 * The derivative of digamma: 1/x^2 + 1/(x + 1)^2 + ... up to 8 (Abramowitz & Stegun 1964, 6.4.6), the sum with its rounding errors, then the
 * asymptotic series (6.4.12). Negative x: reflection (6.4.7) on a rare branch; NaN at the poles 0, -1, -2, ... Measured
 * maximum error for x > 0: 1.54 ulp.
 */
export const trigamma = mathFunction('trigamma', (writer) => {
  const { keep, assign, ifAny, x } = writer
  const a = keep(absolute(x))
  const shifted = keep(a)
  const sum = keep(0)
  const rest = keep(0)
  ifAny(less(a, ASYMPTOTIC_FROM), () => {
    for (let step = 0; step < ASYMPTOTIC_FROM; step++) {
      const isLow = keep(less(shifted, ASYMPTOTIC_FROM))
      const total = exactSum(writer, sum, keep(and(isLow, inverseSquare(writer, shifted))))
      assign(sum, total.high)
      assign(rest, add(rest, total.low))
      assign(shifted, add(shifted, and(isLow, 1)))
    }
  })
  const inverse = keep(divide(1, shifted))
  const square = keep(multiply(inverse, inverse))
  const tail = add(multiply(square, 0.5), multiply(multiply(square, inverse), polynomial(square, ASYMPTOTIC)))
  const total = exactSum(writer, sum, inverse)
  const result = keep(add(total.high, add(total.low, add(rest, tail))))
  ifAny(not(greater(x, 0)), () => {
    const { distance, offset, ratio } = sineOfPiRatio(writer, a)
    const sine = keep(multiply(offset, ratio))
    const reflected = subtract(add(divide(1, multiply(sine, sine)), divide(1, multiply(a, a))), result)
    assign(result, select(greater(x, 0), result, select(equal(distance, 0), NaN, reflected)))
  })
  return select(less(a, POLE_ONLY_BELOW), select(equal(a, 0), NaN, divide(1, multiply(a, a))), result)
})

/** 1 / a^2 with one rounding and little more; `a` is a local. */
function inverseSquare(writer: Writer, a: string): string {
  const { keep } = writer
  const square = exactProduct(writer, a, a)
  const inverse = keep(divide(1, square.high))
  return subtract(inverse, multiply(inverse, multiply(inverse, square.low)))
}
