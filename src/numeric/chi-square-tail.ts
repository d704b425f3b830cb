/**
 * P(X > x) for a chi-square variable, Q(df / 2, x / 2) with the regularised incomplete gamma function: the series DLMF 8.11.4 below the mean, the continued
 * fraction DLMF 8.9.2 above it, by the modified Lentz method (Thompson and Barnett 1986, 10.1016/0021-9991(86)90046-X), which keeps its relative precision
 * in the far tail.
 */
import { logGamma } from './log-gamma.js'

const TINY = 1e-300
const LARGEST_ITERATION = 100_000

/** @param degreesOfFreedom positive */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  if (Number.isNaN(x) || !(degreesOfFreedom > 0)) return Number.NaN
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const [shape, point] = [degreesOfFreedom / 2, x / 2]
  const front = Math.exp(shape * Math.log(point) - point - logGamma(shape))
  return point < shape + 1 ? 1 - front * lowerSeries(shape, point) : front * upperFraction(shape, point)
}

function lowerSeries(shape: number, point: number): number {
  let term = 1 / shape
  let sum = term
  for (let k = 1; k < LARGEST_ITERATION && term > sum * Number.EPSILON; k++) {
    term *= point / (shape + k)
    sum += term
  }
  return sum
}

function upperFraction(shape: number, point: number): number {
  let b = point + 1 - shape
  let c = 1 / TINY
  let d = 1 / b
  let value = d
  for (let k = 1; k < LARGEST_ITERATION; k++) {
    const a = -k * (k - shape)
    b += 2
    d = 1 / nonZero(a * d + b)
    c = nonZero(b + a / c)
    value *= c * d
    if (Math.abs(c * d - 1) < Number.EPSILON) break
  }
  return value
}

const nonZero = (value: number) => (Math.abs(value) < TINY ? TINY : value)
