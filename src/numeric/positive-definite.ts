/**
 * Symmetric positive definite matrices `[size, size]`, row-major: factor, solve, inverse, log determinant, each leaving its arguments
 * unchanged. For a computation inside a loop over draws use the in-place functions of `cholesky.ts` and `triangular-solve.ts`.
 */
import { RunError } from '../errors/run-error.js'
import { choleskyInPlace, logDeterminantOfCholesky } from './cholesky.js'
import { choleskySolveInPlace } from './triangular-solve.js'

/**
 * Lower Cholesky factor with zeros above the diagonal.
 * @throws RunError when the matrix is not positive definite.
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = Float64Array.from(matrix)
  if (!choleskyInPlace(factor, size))
    throw new RunError({
      problem: `a ${size} x ${size} matrix is not positive definite`,
      reason:
        'its Cholesky factor does not exist: a variable is constant or a linear combination of others, or a value is not finite',
      remedy: 'Remove redundant variables, or check the covariance matrix that was passed in.',
    })
  for (let row = 0; row < size; row++) factor.fill(0, row * size + row + 1, (row + 1) * size)
  return factor
}

/**
 * A^-1 b, `[size]`.
 * @throws RunError when the matrix is not positive definite.
 */
export function solvePositiveDefinite(matrix: Float64Array, rightSide: Float64Array): Float64Array {
  const size = rightSide.length
  const solution = Float64Array.from(rightSide)
  choleskySolveInPlace(choleskyFactor(matrix, size), solution, size)
  return solution
}

/**
 * A^-1, `[size, size]`, exactly symmetric.
 * @throws RunError when the matrix is not positive definite.
 */
export function invertPositiveDefinite(matrix: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  writeInverse(choleskyFactor(matrix, size), size, inverse)
  return inverse
}

/**
 * Writes the inverse of A = L L', exactly symmetric, to `out` `[size, size]`.
 * @param factor L; its lower triangle is read
 */
export function writeInverse(factor: Float64Array, size: number, out: Float64Array): void {
  out.fill(0)
  for (let row = 0; row < size; row++) {
    out[row * size + row] = 1
    choleskySolveInPlace(factor, out, size, 0, row * size)
  }
  symmetrise(out, size)
}

/**
 * log |A|.
 * @throws RunError when the matrix is not positive definite.
 */
export function logDeterminantPositiveDefinite(matrix: Float64Array, size: number): number {
  return logDeterminantOfCholesky(choleskyFactor(matrix, size), size)
}

function symmetrise(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++) {
      const mean = (matrix[row * size + column] + matrix[column * size + row]) / 2
      matrix[row * size + column] = mean
      matrix[column * size + row] = mean
    }
}
