/**
 * Orthonormal basis of the columns of a matrix, X = Q R with R upper triangular: Gram-Schmidt with every projection done twice, which keeps Q orthogonal
 * to rounding (Giraud, Langou and Rozloznik 2005, DOI 10.1016/j.camwa.2005.08.009).
 */
export interface OrthonormalColumns {
  /** Q by columns, `[column][row]`. */
  readonly columns: readonly Float64Array[]
  /** R by columns, `[column][column]`: entries below the diagonal are absent. */
  readonly triangle: readonly Float64Array[]
}

/** Length that is left of a column, relative to its own, at which it counts as a combination of the earlier ones: as in R's `lm`. */
const RANK_TOLERANCE = 1e-7

/** @returns `undefined` when a column is a linear combination of the earlier ones. */
export function orthonormalColumns(matrix: readonly Float64Array[]): OrthonormalColumns | undefined {
  const columns: Float64Array[] = []
  const triangle: Float64Array[] = []
  for (const column of matrix) {
    const rest = column.slice()
    const weights = projectOut(rest, columns)
    const length = norm(rest)
    if (!(length > RANK_TOLERANCE * norm(column))) return undefined
    for (let row = 0; row < rest.length; row++) rest[row] /= length
    columns.push(rest)
    triangle.push(Float64Array.of(...weights, length))
  }
  return { columns, triangle }
}

/** Takes from `vector`, in place, its projection on orthonormal columns. @returns Q'vector */
export function projectOut(vector: Float64Array, columns: readonly Float64Array[]): Float64Array {
  const weights = new Float64Array(columns.length)
  for (let pass = 0; pass < 2; pass++)
    columns.forEach((column, index) => {
      const weight = dot(column, vector)
      weights[index] += weight
      for (let row = 0; row < vector.length; row++) vector[row] -= weight * column[row]
    })
  return weights
}

export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index]
  return sum
}

export function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector))
}
