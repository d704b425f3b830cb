/**
 * Ordinary least squares from the singular value decomposition of the column-scaled design, X = U D V':
 *
 *     coefficients = V D^-1 U'y        covariance = s^2 V D^-2 V'        s^2 = |y - X coefficients|^2 / (n - p)
 *
 * so that near-collinear designs lose no more digits than their condition number costs (Golub and Van Loan 2013, section 5.5). Many rows are first
 * replaced by as many as there are columns, R and Q'y of the decomposition X = QR, which has the same singular values at a fraction of the cost (section 5.4.9).
 */
import { Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix'

export interface LeastSquaresFit {
  /** `[coefficient]`; all NaN when the design has not full column rank or holds a value that is not finite. */
  readonly coefficients: Float64Array
  /** `[coefficient, coefficient]`, s^2 (X'X)^-1; all NaN when the design has not full column rank or no degree of freedom is left. */
  readonly covariance: Float64Array
  /** s^2; NaN when no degree of freedom is left. */
  readonly residualVariance: number
  /** n - rank */
  readonly degreesOfFreedom: number
  /** Numerical column rank; 0 when a value is not finite. */
  readonly rank: number
}

/** Ratio of singular values of the scaled design under which X'X is singular in float64: sqrt(machine epsilon). */
const RANK_TOLERANCE = Math.sqrt(Number.EPSILON)

/**
 * @param design `[row, coefficient]`, row-major
 * @param outcome `[row]`
 */
export function ordinaryLeastSquares(design: Float64Array, outcome: Float64Array): LeastSquaresFit {
  const rowCount = outcome.length
  const size = rowCount === 0 ? 0 : design.length / rowCount
  if (!design.every(Number.isFinite) || !outcome.every(Number.isFinite)) return unidentified(size, 0, rowCount)
  const scales = columnNorms(design, rowCount, size)
  const reduced = withFewRows(scaledWithOutcome(design, outcome, scales))
  const decomposition = new SingularValueDecomposition(reduced.subMatrix(0, reduced.rows - 1, 0, size - 1), {
    autoTranspose: true,
  })
  const singularValues = decomposition.diagonal
  const rank = singularValues.filter((value) => value > RANK_TOLERANCE * singularValues[0]).length
  const degreesOfFreedom = rowCount - rank
  if (rank < size) return unidentified(size, rank, degreesOfFreedom)
  const { coefficients, inverse } = solveFromDecomposition(decomposition, reduced.getColumn(size), scales)
  const residualVariance =
    degreesOfFreedom > 0 ? sumOfSquaredResiduals(design, outcome, coefficients) / degreesOfFreedom : Number.NaN
  return { coefficients, covariance: inverse.map((value) => residualVariance * value), residualVariance, degreesOfFreedom, rank }
}

/** The columns over their scales, then the outcome. */
function scaledWithOutcome(design: Float64Array, outcome: Float64Array, scales: Float64Array): Matrix {
  const size = scales.length
  const scaled = new Matrix(outcome.length, size + 1)
  for (let row = 0; row < outcome.length; row++) {
    for (let column = 0; column < size; column++) scaled.set(row, column, design[row * size + column] / scales[column])
    scaled.set(row, size, outcome[row])
  }
  return scaled
}

/** R and Q'y where there are more rows than that; the row of the residual norm is left out. */
function withFewRows(scaled: Matrix): Matrix {
  if (scaled.rows <= scaled.columns) return scaled
  return new QrDecomposition(scaled).upperTriangularMatrix.subMatrix(0, scaled.columns - 2, 0, scaled.columns - 1)
}

/** Least-squares solution and (X'X)^-1, both brought back to the columns' own scale. */
function solveFromDecomposition(decomposition: SingularValueDecomposition, outcome: readonly number[], scales: Float64Array) {
  const size = scales.length
  const { leftSingularVectors: left, rightSingularVectors: right, diagonal } = decomposition
  const rotated = new Float64Array(size)
  for (let k = 0; k < size; k++) {
    for (let row = 0; row < outcome.length; row++) rotated[k] += left.get(row, k) * outcome[row]
    rotated[k] /= diagonal[k]
  }
  const coefficients = new Float64Array(size)
  const inverse = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < size; k++) coefficients[row] += right.get(row, k) * rotated[k]
    coefficients[row] /= scales[row]
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let k = 0; k < size; k++) sum += (right.get(row, k) / diagonal[k]) * (right.get(column, k) / diagonal[k])
      inverse[row * size + column] = sum / (scales[row] * scales[column])
      inverse[column * size + row] = inverse[row * size + column]
    }
  }
  return { coefficients, inverse }
}

/** Euclidean norms of the columns, 1 for a column of zeros. */
function columnNorms(design: Float64Array, rowCount: number, size: number): Float64Array {
  const norms = new Float64Array(size)
  for (let row = 0; row < rowCount; row++)
    for (let column = 0; column < size; column++) norms[column] = Math.hypot(norms[column], design[row * size + column])
  return norms.map((norm) => norm || 1)
}

function sumOfSquaredResiduals(design: Float64Array, outcome: Float64Array, coefficients: Float64Array): number {
  const size = coefficients.length
  let sum = 0
  for (let row = 0; row < outcome.length; row++) {
    let residual = outcome[row]
    for (let column = 0; column < size; column++) residual -= design[row * size + column] * coefficients[column]
    sum += residual * residual
  }
  return sum
}

function unidentified(size: number, rank: number, degreesOfFreedom: number): LeastSquaresFit {
  return {
    coefficients: new Float64Array(size).fill(Number.NaN),
    covariance: new Float64Array(size * size).fill(Number.NaN),
    residualVariance: Number.NaN,
    degreesOfFreedom,
    rank,
  }
}
