/**
 * Distribution function Phi of the standard normal distribution, its logarithm, and the derivative of that, phi / Phi: the inverse Mills ratio
 * of -x (Greene 2018, Econometric Analysis, 19.2).
 *
 * Near the centre 1/2 plus the all-positive series phi(x) sum x^(2n+1) / (2n+1)!!; in the tails Laplace's continued fraction for Mills's ratio
 * (1 - Phi(x)) / phi(x) = 1/(x + 1/(x + 2/(x + ...))), evaluated from the far end inwards (Abramowitz & Stegun 1964, 26.2.11, 26.2.14). The
 * square in phi is split so that the tails keep their relative accuracy; the logarithm and the ratio are formed from Mills's ratio without phi,
 * so that they neither underflow nor cancel however far out. Relative error below 5e-15 where the result is a normal number.
 */

const FRACTION_FROM = 1
const ROOT_TWO_PI = 2.5066282746310007
const LOG_ROOT_TWO_PI = 0.9189385332046727
/** Phi(-x) is 0 from here on. */
const VANISHES_AT = 39

/** Phi(x). */
export function normalCdf(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x)
}

/** log Phi(x). */
export function logNormalCdf(x: number): number {
  if (x <= -FRACTION_FROM) return Math.log(millsRatio(-x)) - LOG_ROOT_TWO_PI - (x * x) / 2
  return x < 0 ? Math.log(upperTail(-x)) : Math.log1p(-upperTail(x))
}

/** phi(x) / Phi(x), the derivative of `logNormalCdf`. */
export function inverseMillsRatio(x: number): number {
  return x <= -FRACTION_FROM ? 1 / millsRatio(-x) : normalDensity(x) / normalCdf(x)
}

/** 1 - Phi(x) for x >= 0. */
function upperTail(x: number): number {
  return x < FRACTION_FROM ? 0.5 - normalDensity(x) * series(x) : normalDensity(x) * millsRatio(x)
}

function series(x: number): number {
  let term = x
  let sum = x
  for (let odd = 3; term > 1e-17 * sum; odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return sum
}

/** For x >= 1. */
function millsRatio(x: number): number {
  // The fraction converges like exp(-2 x sqrt(2 terms)): this many bring it to 1e-17.
  const terms = Math.ceil(400 / (x * x)) + 10
  let fraction = x
  for (let k = terms; k >= 1; k--) fraction = x + k / fraction
  return 1 / fraction
}

function normalDensity(x: number): number {
  if (Math.abs(x) >= VANISHES_AT) return 0
  const head = Math.fround(x)
  return (Math.exp((-head * head) / 2) * Math.exp((-(x - head) * (x + head)) / 2)) / ROOT_TWO_PI
}
