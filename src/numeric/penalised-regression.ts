/**
 * Regression with a penalty on some coefficients, the others free:
 *
 *     minimise |y - X b|^2 / (2 n) + lambda sum_k |b_k|            (lasso)
 *     minimise |y - X b|^2 / (2 n) + lambda sum_k b_k^2 / 2        (ridge)
 *
 * in the scale of lambda of Friedman, Hastie and Tibshirani 2010 (DOI 10.18637/jss.v033.i01), columns taken as they are. Free columns are projected out; the
 * lasso is solved by coordinate descent on cross-products, the ridge in the eigenvectors of them.
 */
import { norm } from './orthonormal-columns.js'
import { type FlatProjection, type RotatedRegression, rotateRegression } from './rotated-regression.js'

export type Penalty = 'ridge' | 'lasso'

export interface PenalisedProblem {
  /** `[row, coefficient]`, row-major. */
  readonly design: Float64Array
  /** `[row]` */
  readonly outcome: Float64Array
  /** Whether each coefficient is penalised. */
  readonly isPenalised: readonly boolean[]
  readonly penalty: Penalty
}

export interface PenalisedRegression {
  /** For the lasso the least lambda at which all penalised coefficients are 0; for the ridge one at which they are close to it. */
  readonly largestPenalty: number
  /** `[coefficient]` for lambda > 0. Quickest when called for decreasing lambda. */
  solve(lambda: number): Float64Array
}

/** @throws RunError when the free columns are not determined. */
export function penalisedRegression({ design, outcome, isPenalised, penalty }: PenalisedProblem): PenalisedRegression {
  const priorScale = Float64Array.from(isPenalised, (one) => (one ? 1 : Number.POSITIVE_INFINITY))
  const rotated = rotateRegression({ design, outcome, priorScale })
  const rowCount = outcome.length
  const { gram, moments } = crossProducts(rotated)
  const size = moments.length
  const state = new Float64Array(size)
  const largest = Math.max(...(penalty === 'lasso' ? moments.map(Math.abs) : rotated.values), 0) / rowCount
  return {
    largestPenalty: penalty === 'lasso' ? largest : RIDGE_REACH * largest,
    solve(lambda) {
      const threshold = rowCount * lambda
      if (penalty === 'lasso') descend(gram, moments, threshold, state)
      else shrink(rotated, threshold, state)
      return withFreeCoefficients(rotated, state)
    },
  }
}

/** The ridge's largest lambda is so many times the largest eigenvalue: coefficients are then a hundredth of the least-squares ones. */
const RIDGE_REACH = 100

/** Of the penalised columns with the free ones projected out. */
function crossProducts({ values, vectors, coordinates }: RotatedRegression) {
  const size = values.length
  const gram = new Float64Array(size * size)
  const moments = new Float64Array(size)
  for (let e = 0; e < size; e++)
    for (let i = 0; i < size; i++) {
      moments[i] += vectors[e * size + i] * values[e] * coordinates[e]
      for (let j = 0; j < size; j++) gram[i * size + j] += vectors[e * size + i] * values[e] * vectors[e * size + j]
    }
  return { gram, moments }
}

function shrink({ values, vectors, coordinates }: RotatedRegression, threshold: number, out: Float64Array): void {
  out.fill(0)
  for (let e = 0; e < values.length; e++) {
    const shrunken = (coordinates[e] * values[e]) / (values[e] + threshold)
    for (let k = 0; k < out.length; k++) out[k] += vectors[e * out.length + k] * shrunken
  }
}

const MOST_SWEEPS = 10_000
const TOLERANCE = 1e-12

/** The lasso by coordinate descent from where `state` is; soft thresholds. */
export function descend(gram: Float64Array, moments: Float64Array, threshold: number, state: Float64Array): void {
  const size = state.length
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let change = 0
    for (let k = 0; k < size; k++) {
      const curvature = gram[k * size + k]
      if (!(curvature > 0)) continue
      let gradient = moments[k] + curvature * state[k]
      for (let j = 0; j < size; j++) gradient -= gram[k * size + j] * state[j]
      const next = (Math.sign(gradient) * Math.max(Math.abs(gradient) - threshold, 0)) / curvature
      change = Math.max(change, Math.abs(next - state[k]))
      state[k] = next
    }
    if (change <= TOLERANCE * Math.max(norm(state), TOLERANCE)) return
  }
}

/** All coefficients, the free ones given the penalised ones. */
export function withFreeCoefficients(
  { flat, proper, outcomeWeights, columnWeights, triangle }: FlatProjection,
  penalised: Float64Array,
): Float64Array {
  const coefficients = new Float64Array(flat.length + proper.length)
  const right = Float64Array.from(outcomeWeights)
  proper.forEach((position, k) => {
    coefficients[position] = penalised[k]
    for (let f = 0; f < right.length; f++) right[f] -= columnWeights[k][f] * penalised[k]
  })
  for (let f = flat.length - 1; f >= 0; f--) {
    coefficients[flat[f]] = right[f] / triangle[f][f]
    for (let earlier = 0; earlier < f; earlier++) right[earlier] -= triangle[f][earlier] * coefficients[flat[f]]
  }
  return coefficients
}
