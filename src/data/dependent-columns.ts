import { Matrix, QrDecomposition } from 'ml-matrix'

/**
 * Largest residual, relative to the column's length, at which a column counts as a combination of earlier ones: 1e-7, as in the QR
 * decomposition of R's `lm` (LINPACK dqrdc2). Exact combinations leave some 1e-15, honest covariates 1e-3 or more.
 */
export const rankTolerance = 1e-7

/** A column that adds nothing to the rank, and the earlier columns that it is a combination of. */
export interface DependentColumn {
  readonly column: number
  readonly combinationOf: readonly number[]
}

/**
 * Columns of a matrix that are linear combinations of earlier columns; the rank is the column count minus their number.
 *
 * Columns are scaled to length 1, so that units do not matter; one QR decomposition (Householder; Golub and Van Loan 2013, section 5.2)
 * reduces the problem to the triangular factor, on which each column is regressed on the independent ones before it.
 */
export function dependentColumns(matrix: Matrix): DependentColumn[] {
  const scaled = unitColumns(matrix)
  const factor = matrix.rows > matrix.columns ? new QrDecomposition(scaled).upperTriangularMatrix : scaled
  const independent: number[] = []
  const dependent: DependentColumn[] = []
  for (let column = 0; column < factor.columns; column++) {
    const target = factor.getColumnVector(column)
    if (independent.length === 0) {
      if (target.norm() > rankTolerance) independent.push(column)
      else dependent.push({ column, combinationOf: [] })
      continue
    }
    const basis = factor.subMatrixColumn(independent)
    const weights = new QrDecomposition(basis).solve(target)
    const residual = Matrix.sub(target, basis.mmul(weights)).norm()
    if (residual > rankTolerance) independent.push(column)
    else
      dependent.push({
        column,
        combinationOf: independent.filter((_, index) => Math.abs(weights.get(index, 0)) > 10 * rankTolerance),
      })
  }
  return dependent
}

function unitColumns(matrix: Matrix): Matrix {
  const scaled = matrix.clone()
  for (let column = 0; column < scaled.columns; column++) {
    const length = scaled.getColumnVector(column).norm()
    if (length > 0) scaled.mulColumn(column, 1 / length)
  }
  return scaled
}
