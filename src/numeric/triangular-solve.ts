/**
 * Solves with a lower triangular matrix in place, one right-hand side at a time, without allocation: they run for every posterior draw.
 * Only the lower triangle of `factor` `[size, size]` (row-major) is read. Golub and Van Loan 2013, section 3.1.
 */

/** Replaces `vector` `[size]` by L^-1 vector. */
export function forwardSolveInPlace(
  factor: Float64Array,
  vector: Float64Array,
  size: number,
  factorOffset = 0,
  vectorOffset = 0,
): void {
  for (let row = 0; row < size; row++) {
    const rowStart = factorOffset + row * size
    let sum = vector[vectorOffset + row]
    for (let k = 0; k < row; k++) sum -= factor[rowStart + k] * vector[vectorOffset + k]
    vector[vectorOffset + row] = sum / factor[rowStart + row]
  }
}

/** Replaces `vector` `[size]` by L'^-1 vector. */
export function backwardSolveInPlace(
  factor: Float64Array,
  vector: Float64Array,
  size: number,
  factorOffset = 0,
  vectorOffset = 0,
): void {
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[vectorOffset + row]
    for (let k = row + 1; k < size; k++) sum -= factor[factorOffset + k * size + row] * vector[vectorOffset + k]
    vector[vectorOffset + row] = sum / factor[factorOffset + row * size + row]
  }
}

/** Replaces `vector` `[size]` by A^-1 vector, where A = L L' and `factor` is L. */
export function choleskySolveInPlace(
  factor: Float64Array,
  vector: Float64Array,
  size: number,
  factorOffset = 0,
  vectorOffset = 0,
): void {
  forwardSolveInPlace(factor, vector, size, factorOffset, vectorOffset)
  backwardSolveInPlace(factor, vector, size, factorOffset, vectorOffset)
}
