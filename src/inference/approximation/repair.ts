import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** Least eigenvalue, relative to a unit diagonal, that is taken for curvature rather than for the error of differences. */
const LEAST_EIGENVALUE = 1e-8

/**
 * The nearest matrix whose eigenvalues, after scaling to unit diagonal, are not below 10^-8; `[size, size]`. `repaired` counts those that were raised.
 * @param matrix symmetric, with a positive diagonal
 */
export function repairPositiveDefinite(
  matrix: Float64Array,
  size: number,
): { readonly matrix: Float64Array; readonly repaired: number } {
  const scale = Float64Array.from({ length: size }, (_, i) => Math.sqrt(matrix[i * size + i]))
  const scaled = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => matrix[row * size + column] / (scale[row] * scale[column])),
  )
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(scaled), { assumeSymmetric: true })
  const repaired = realEigenvalues.filter((value) => !(value >= LEAST_EIGENVALUE)).length
  if (repaired === 0) return { matrix, repaired }
  const raised = realEigenvalues.map((value) => Math.max(value, LEAST_EIGENVALUE))
  const whole = eigenvectorMatrix.mmul(Matrix.diag(raised)).mmul(eigenvectorMatrix.transpose())
  return {
    matrix: Float64Array.from({ length: size * size }, (_, index) => {
      const row = Math.floor(index / size)
      const column = index % size
      return ((whole.get(row, column) + whole.get(column, row)) / 2) * scale[row] * scale[column]
    }),
    repaired,
  }
}
