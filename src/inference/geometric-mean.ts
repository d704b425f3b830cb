import { choleskyInPlace } from '../numeric/cholesky.js'
import { symmetricEigen } from '../numeric/symmetric-eigen.js'
import { backwardSolveInPlace } from '../numeric/triangular-solve.js'

export interface GeometricMean {
  /** Lower triangle of S, `[dimension, dimension]`. */
  readonly mean: Float64Array
  /** Of G C; 1 where S = C. */
  readonly largestEigenvalue: number
}

/**
 * The positive definite S with S G S = C, the geometric mean of C and G^-1:
 *
 *     G = A A',   A' C A = V D V',   S = A'^-1 V D^(1/2) V' A^-1
 *
 * Bhatia (2007), Positive Definite Matrices, section 4.1.
 *
 * @param c,g symmetric, only the lower triangles are read, `[dimension, dimension]`
 * @returns undefined when G is not numerically positive definite
 */
export function geometricMean(c: Float64Array, g: Float64Array, dimension: number): GeometricMean | undefined {
  const root = g.slice()
  if (!choleskyInPlace(root, dimension)) return undefined
  const { values, vectors } = symmetricEigen(conjugate(root, c, dimension), dimension)
  const mean = new Float64Array(dimension * dimension)
  for (let k = 0; k < dimension; k++) {
    // Column k of A'^-1 V D^(1/4): S is the sum of the products of these columns with themselves.
    const half = vectors.slice(k * dimension, (k + 1) * dimension).map((v) => v * Math.sqrt(Math.sqrt(Math.max(values[k], 0))))
    backwardSolveInPlace(root, half, dimension)
    for (let row = 0; row < dimension; row++) {
      const factor = half[row]
      for (let column = 0; column < dimension; column++) mean[row * dimension + column] += factor * half[column]
    }
  }
  return { mean, largestEigenvalue: Math.max(...values) }
}

/** A' C A for a lower triangular A and a symmetric C of which the lower triangle is read. The innermost loops run along rows. */
function conjugate(a: Float64Array, c: Float64Array, dimension: number): Float64Array {
  const product = new Float64Array(dimension * dimension)
  for (let row = 0; row < dimension; row++)
    for (let k = 0; k < dimension; k++) {
      const factor = row >= k ? c[row * dimension + k] : c[k * dimension + row]
      for (let column = 0; column <= k; column++) product[row * dimension + column] += factor * a[k * dimension + column]
    }
  const whole = new Float64Array(dimension * dimension)
  for (let k = 0; k < dimension; k++)
    for (let row = 0; row <= k; row++) {
      const factor = a[k * dimension + row]
      for (let column = 0; column < dimension; column++)
        whole[row * dimension + column] += factor * product[k * dimension + column]
    }
  return whole
}
