/** Shared by the tests of `src/numeric`: an independent, naive matrix algebra over arrays of rows, and a well-conditioned example. */

export type Rows = number[][]

export function rows(values: ArrayLike<number>, columnCount: number): Rows {
  return Array.from({ length: values.length / columnCount }, (_, row) =>
    Array.from({ length: columnCount }, (_, column) => values[row * columnCount + column]),
  )
}

export const flat = (matrix: Rows): Float64Array => Float64Array.from(matrix.flat())
export const transpose = (matrix: Rows): Rows => matrix[0].map((_, column) => matrix.map((row) => row[column]))
export const multiply = (left: Rows, right: Rows): Rows =>
  left.map((row) => right[0].map((_, column) => row.reduce((sum, value, k) => sum + value * right[k][column], 0)))
export const add = (left: Rows, right: Rows): Rows => left.map((row, i) => row.map((value, j) => value + right[i][j]))

/** Gauss-Jordan elimination with row exchanges. */
export function invert(matrix: Rows): Rows {
  const size = matrix.length
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < size; column++) {
    let best = column
    for (let row = column; row < size; row++) if (Math.abs(work[row][column]) > Math.abs(work[best][column])) best = row
    const pivotRow = work[best].map((value) => value / work[best][column])
    work[best] = work[column]
    work[column] = pivotRow
    for (let row = 0; row < size; row++)
      if (row !== column) work[row] = work[row].map((value, j) => value - work[row][column] * pivotRow[j])
  }
  return work.map((row) => row.slice(size))
}

/** Deterministic numbers in (-1, 1) without structure; not a random number generator. */
export const scatter = (count: number, shift = 0): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => 2 * ((((index + 1 + shift) * 0.7548776662466927) ** 2 * 13.37) % 1) - 1)

/** A positive definite matrix with condition number below about 100. */
export function positiveDefinite(size: number, shift = 0): Rows {
  const factor = rows(scatter(size * size, shift), size)
  const identity = factor.map((row, i) => row.map((_, j) => (i === j ? 0.5 : 0)))
  return add(multiply(factor, transpose(factor)), identity)
}

/** Bound on relative rounding error for these small, well-conditioned problems: condition number x size x epsilon, generously 1e-11. */
export const ROUNDING = 1e-11

export function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY
  return Math.max(...Array.from(left, (value, index) => Math.abs(value - right[index])))
}
