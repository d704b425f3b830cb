import type { Stream } from '../../contract/stream.js'
import { choleskyInPlace } from '../../numeric/cholesky.js'
import { forwardSolveInPlace } from '../../numeric/triangular-solve.js'
import { fillNormal } from '../../random/fill-normal.js'

/**
 * Standard normal vectors in antithetic pairs z, -z whose second moments are the true ones: the mean of z z' is the identity when there are more pairs
 * than dimensions, its diagonal is 1 otherwise. Averages of quadratic functions over them are then exact, or exact for separable ones.
 * `[2 pairCount, dimension]`
 */
export function matchedNormals(stream: Stream, pairCount: number, dimension: number): Float64Array {
  const whole = new Float64Array(2 * pairCount * dimension)
  const half = fillNormal(stream, whole.subarray(0, pairCount * dimension))
  if (!(pairCount > dimension && whiten(half, pairCount, dimension))) scaleColumns(half, pairCount, dimension)
  for (let i = 0; i < half.length; i++) whole[half.length + i] = -half[i]
  return whole
}

/** Replaces each row z by C^-1 z, where C C' is the mean of z z'. Returns whether that exists. */
function whiten(rows: Float64Array, count: number, dimension: number): boolean {
  const moments = new Float64Array(dimension * dimension)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < dimension; i++)
      for (let j = 0; j <= i; j++) moments[i * dimension + j] += (rows[row * dimension + i] * rows[row * dimension + j]) / count
  if (!choleskyInPlace(moments, dimension)) return false
  for (let row = 0; row < count; row++) forwardSolveInPlace(moments, rows, dimension, 0, row * dimension)
  return true
}

function scaleColumns(rows: Float64Array, count: number, dimension: number): void {
  for (let column = 0; column < dimension; column++) {
    let squares = 0
    for (let row = 0; row < count; row++) squares += rows[row * dimension + column] ** 2
    const factor = Math.sqrt(count / squares)
    for (let row = 0; row < count; row++) rows[row * dimension + column] *= factor
  }
}
