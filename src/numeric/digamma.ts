/**
 * Digamma, trigamma and tetragamma functions, the first three derivatives of log gamma.
 *
 * Recurrence up to x >= 12, then the asymptotic series in Bernoulli numbers; reflection below 1/2
 * (Abramowitz and Stegun 1964, 6.3.5, 6.3.7, 6.3.18, 6.4.6, 6.4.7, 6.4.11, 6.4.12). Relative error about 1e-15 away from the zeros of digamma.
 */

const ASYMPTOTIC_FROM = 12
/** B(2k) for k = 1..8. */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]

/** NaN at the poles 0, -1, -2, ... */
export function digamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Number.NaN
  if (x < 0.5) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * fractionalPart(x))
  let shifted = x
  let recurrence = 0
  while (shifted < ASYMPTOTIC_FROM) recurrence += 1 / shifted++
  const inverseSquare = 1 / (shifted * shifted)
  let series = 0
  for (let k = BERNOULLI.length; k >= 1; k--) series = (series + BERNOULLI[k - 1] / (2 * k)) * inverseSquare
  return Math.log(shifted) - 0.5 / shifted - series - recurrence
}

/** NaN at the poles 0, -1, -2, ... */
export function trigamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Number.NaN
  if (x < 0.5) return (Math.PI / Math.sin(Math.PI * fractionalPart(x))) ** 2 - trigamma(1 - x)
  let shifted = x
  let recurrence = 0
  while (shifted < ASYMPTOTIC_FROM) {
    recurrence += 1 / (shifted * shifted)
    shifted++
  }
  const inverseSquare = 1 / (shifted * shifted)
  let series = 0
  for (let k = BERNOULLI.length; k >= 1; k--) series = (series + BERNOULLI[k - 1]) * inverseSquare
  return recurrence + 1 / shifted + 0.5 * inverseSquare + series / shifted
}

/** NaN at the poles 0, -1, -2, ... */
export function tetragamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Number.NaN
  if (x < 0.5) return tetragamma(1 - x) - cotangentCurvature(Math.PI * fractionalPart(x))
  let shifted = x
  let recurrence = 0
  for (; shifted < ASYMPTOTIC_FROM; shifted++) recurrence += 2 / (shifted * shifted * shifted)
  const inverseSquare = 1 / (shifted * shifted)
  let series = 0
  for (let k = BERNOULLI.length; k >= 1; k--) series = (series + (2 * k + 1) * BERNOULLI[k - 1]) * inverseSquare
  return -recurrence - inverseSquare * (1 + 1 / shifted + series)
}

/** Second derivative of pi cot(pi x) by x, as a function of pi x. */
function cotangentCurvature(angle: number): number {
  return (2 * Math.PI * Math.PI ** 2 * Math.cos(angle)) / (Math.sin(angle) * Math.sin(angle) ** 2)
}

/** x minus the nearest integer, exact: tan and squared sin of pi x have period 1, and pi x itself would be rounded. */
function fractionalPart(x: number): number {
  return x - Math.round(x)
}
