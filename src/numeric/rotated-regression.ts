/**
 * A regression in the coordinates in which its posterior given sigma has independent elements: columns with a flat prior projected out, the others in
 * units of their prior scales and in the eigenvectors of their cross-products.
 */
import { RunError } from '../errors/run-error.js'
import { dot, orthonormalColumns, projectOut } from './orthonormal-columns.js'
import { symmetricEigen } from './symmetric-eigen.js'

/** What takes the columns with a proper prior, and the outcome, to what the flat columns leave of them, and back. */
export interface FlatProjection {
  /** Positions of the coefficients with a flat and with a proper prior. */
  readonly flat: readonly number[]
  readonly proper: readonly number[]
  /** R of the flat columns, by columns. */
  readonly triangle: readonly Float64Array[]
  /** Q'y `[flat]`, and Q' times each other column `[proper][flat]`. */
  readonly outcomeWeights: Float64Array
  readonly columnWeights: readonly Float64Array[]
}

export interface ProjectedRegression extends FlatProjection {
  /** Q of the flat columns, `[flat][row]`. */
  readonly basis: readonly Float64Array[]
  /** What is left of the other columns, `[proper][row]`, and of the outcome, `[row]`. */
  readonly others: readonly Float64Array[]
  readonly rest: Float64Array
}

export interface RotatedRegression extends FlatProjection {
  /** Prior scales of the coefficients with a proper prior. */
  readonly scales: Float64Array
  /** Eigenvalues, exactly 0 where the data say nothing. `[proper]` */
  readonly values: Float64Array
  /** Eigenvector i in row i. `[proper, proper]` */
  readonly vectors: Float64Array
  /** Least-squares solution in these coordinates, 0 where there is none. `[proper]` */
  readonly coordinates: Float64Array
  /** Of the least-squares fit. */
  readonly residualSquares: number
  /** Rows less flat columns. */
  readonly freeRows: number
}

export interface ScaledRegression {
  /** `[row, coefficient]`, row-major. */
  readonly design: Float64Array
  /** `[row]` */
  readonly outcome: Float64Array
  /** `[coefficient]`; Infinity for a flat prior. */
  readonly priorScale: Float64Array
}

/** @throws RunError when a column with a flat prior is a combination of other such columns. */
export function projectRegression({ design, outcome, priorScale }: ScaledRegression): ProjectedRegression {
  const size = priorScale.length
  const indices = Array.from(priorScale, (_, index) => index)
  const flat = indices.filter((index) => priorScale[index] === Number.POSITIVE_INFINITY)
  const proper = indices.filter((index) => priorScale[index] !== Number.POSITIVE_INFINITY)
  const column = (index: number) => {
    const out = new Float64Array(outcome.length)
    for (let row = 0; row < out.length; row++) out[row] = design[row * size + index]
    return out
  }
  const basis = orthonormalColumns(flat.map(column))
  if (!basis || flat.length > outcome.length) throw undetermined()
  const rest = outcome.slice()
  const outcomeWeights = projectOut(rest, basis.columns)
  const others = proper.map(column)
  const columnWeights = others.map((other) => projectOut(other, basis.columns))
  return { flat, proper, triangle: basis.triangle, outcomeWeights, columnWeights, basis: basis.columns, others, rest }
}

/** @throws RunError as `projectRegression` */
export function rotateRegression(regression: ScaledRegression): RotatedRegression {
  const { basis, others, rest, ...projection } = projectRegression(regression)
  const scales = Float64Array.from(projection.proper, (index) => regression.priorScale[index])
  others.forEach((other, k) => {
    for (let row = 0; row < other.length; row++) other[row] *= scales[k]
  })
  return { ...projection, scales, freeRows: rest.length - basis.length, ...eigenCoordinates(others, rest) }
}

/** Eigenvalues below this share of the largest are those of a singular matrix. */
export const RANK_TOLERANCE = 1e-13

function eigenCoordinates(columns: readonly Float64Array[], outcome: Float64Array) {
  const size = columns.length
  const gram = new Float64Array(size * size)
  columns.forEach((left, i) => {
    for (let j = 0; j <= i; j++) gram[i * size + j] = gram[j * size + i] = dot(left, columns[j])
  })
  const { values: raw, vectors } = symmetricEigen(gram, size)
  const largest = Math.max(...raw, 0)
  const values = raw.map((value) => (value > RANK_TOLERANCE * largest ? value : 0))
  const moments = columns.map((column) => dot(column, outcome))
  const coordinates = values.map((value, i) => {
    if (value === 0) return 0
    return moments.reduce((sum, moment, k) => sum + vectors[i * size + k] * moment, 0) / value
  })
  return { values, vectors, coordinates, residualSquares: squaredResiduals(columns, outcome, vectors, coordinates) }
}

function squaredResiduals(
  columns: readonly Float64Array[],
  outcome: Float64Array,
  vectors: Float64Array,
  coordinates: Float64Array,
): number {
  const residual = outcome.slice()
  columns.forEach((column, k) => {
    let weight = 0
    for (let i = 0; i < columns.length; i++) weight += vectors[i * columns.length + k] * coordinates[i]
    for (let row = 0; row < residual.length; row++) residual[row] -= weight * column[row]
  })
  return dot(residual, residual)
}

function undetermined(): RunError {
  return new RunError({
    problem: 'the design does not determine all coefficients that have flat priors',
    reason: 'a column is a combination of others, or there are more columns than rows, so that the posterior is improper',
    remedy: 'Give these coefficients proper priors, or leave columns out.',
  })
}
