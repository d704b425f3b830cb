/**
 * log |Gamma(x)|, the logarithm of the gamma function.
 *
 * Recurrence up to x >= 10, then Stirling's series in Bernoulli numbers; reflection for x <= 0
 * (Abramowitz and Stegun 1964, 6.1.15, 6.1.17, 6.1.41). Absolute error below 1e-14 for 0 < x < 10, relative error below 1e-15 beyond.
 */

const ASYMPTOTIC_FROM = 10
const HALF_LOG_TWO_PI = 0.9189385332046727
/** B(2k) / (2k (2k - 1)) for k = 1..8. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400]

/** +Infinity at the poles 0, -1, -2, ... */
export function logGamma(x: number): number {
  if (x === Number.POSITIVE_INFINITY || (x <= 0 && Number.isInteger(x))) return Number.POSITIVE_INFINITY
  if (x < 0) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x)
  if (x === 1 || x === 2) return 0
  let shifted = x
  let product = 1
  while (shifted < ASYMPTOTIC_FROM) product *= shifted++
  const stirling = (shifted - 0.5) * (Math.log(shifted) - 1) + (HALF_LOG_TWO_PI - 0.5) + stirlingCorrection(shifted)
  return product === 1 ? stirling : stirling - Math.log(product)
}

function stirlingCorrection(x: number): number {
  const inverseSquare = 1 / x / x
  let series = 0
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series * inverseSquare + STIRLING[k]
  return series / x
}
