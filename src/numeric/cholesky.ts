/**
 * Cholesky factors of small symmetric positive definite matrices in place: A = L L'.
 *
 * Plain loops over row-major float64 storage, because they run for every posterior draw; for one-off decompositions of larger matrices use
 * ml-matrix. Golub and Van Loan 2013, Matrix Computations, 4th ed., algorithm 4.2.1.
 */

/**
 * Replaces the lower triangle of `matrix` `[size, size]`, stored from `offset` on, by its Cholesky factor. Only the lower triangle is read
 * and written.
 *
 * @returns false when the matrix is not finite or not numerically positive definite (a pivot is rounding error beside its diagonal entry);
 *   the lower triangle is then partly overwritten.
 */
export function choleskyInPlace(matrix: Float64Array, size: number, offset = 0): boolean {
  for (let column = 0; column < size; column++) {
    const columnStart = offset + column * size
    const entry = matrix[columnStart + column]
    let pivot = entry
    for (let k = 0; k < column; k++) pivot -= matrix[columnStart + k] * matrix[columnStart + k]
    if (!(pivot > size * Number.EPSILON * entry && pivot < Number.POSITIVE_INFINITY)) return false
    const diagonal = Math.sqrt(pivot)
    matrix[columnStart + column] = diagonal
    for (let row = column + 1; row < size; row++) {
      const rowStart = offset + row * size
      let sum = matrix[rowStart + column]
      for (let k = 0; k < column; k++) sum -= matrix[rowStart + k] * matrix[columnStart + k]
      matrix[rowStart + column] = sum / diagonal
    }
  }
  return true
}

/** log |A| from the Cholesky factor of A, `[size, size]` from `offset` on. */
export function logDeterminantOfCholesky(factor: Float64Array, size: number, offset = 0): number {
  let sum = 0
  for (let index = 0; index < size; index++) sum += Math.log(factor[offset + index * size + index])
  return 2 * sum
}
