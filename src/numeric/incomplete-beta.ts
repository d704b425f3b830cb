/**
 * Regularised incomplete beta function I_x(a, b), the distribution function of Beta(a, b).
 *
 * Continued fraction DLMF 8.17.22 evaluated by the modified Lentz method (Thompson and Barnett 1986, 10.1016/0021-9991(86)90046-X), with
 * I_x(a, b) = 1 - I_{1-x}(b, a) where it converges faster.
 */
import { logGamma } from './log-gamma.js'

const TINY = 1e-300
const LARGEST_ITERATION = 10_000

/** @param x in [0, 1]; a and b positive */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)
  return Math.exp(logFront) / (a * continuedFraction(x, a, b))
}

/** 1 + d1 / (1 + d2 / (1 + ...)). */
function continuedFraction(x: number, a: number, b: number): number {
  let value = 1
  let c = 1
  let d = 0
  for (let index = 1; index < LARGEST_ITERATION; index++) {
    const coefficient = partialNumerator(index, x, a, b)
    d = 1 / nonZero(1 + coefficient * d)
    c = nonZero(1 + coefficient / c)
    value *= c * d
    if (Math.abs(c * d - 1) < Number.EPSILON) break
  }
  return value
}

/** d_index of DLMF 8.17.23. */
function partialNumerator(index: number, x: number, a: number, b: number): number {
  const m = Math.floor(index / 2)
  return index % 2 === 0
    ? (m * (b - m) * x) / ((a + index - 1) * (a + index))
    : (-(a + m) * (a + b + m) * x) / ((a + index - 1) * (a + index))
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
