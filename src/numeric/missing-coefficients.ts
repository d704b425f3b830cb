/**
 * Coefficients that a trial lacks because it did not measure a modifier (METHOD 3a). With the selection matrix M_j of those that it has,
 *
 *     M_j b_j ~ N(M_j theta_j, V_j),     precision of what it says about all coefficients   M_j' (V_j + M_j T M_j')^-1 M_j.
 *
 * In a `TrialEstimate` over all coefficients the others are NaN.
 */
import type { EffectPrior, TrialEstimate } from '../contract/trial.js'
import { invertPositiveDefinite } from './positive-definite.js'

type Moments = Pick<TrialEstimate, 'estimate' | 'covariance'>

/** Places of the coefficients that the trial has. A trial that has none of its numbers right is taken to have all, and refused where it is read. */
export function observedCoefficients(estimate: ArrayLike<number>): number[] {
  return Array.from(estimate).flatMap((value, at) => (Number.isNaN(value) ? [] : [at]))
}

/** The estimate over more coefficients than the trial has: NaN for what it lacks, and a flat prior there. */
export function withMissingCoefficients(trial: TrialEstimate, names: readonly string[]): TrialEstimate {
  const { coefficientNames, estimate, covariance, prior, draws } = trial
  if (coefficientNames.length === names.length) return trial
  const places = names.map((name) => coefficientNames.indexOf(name))
  return {
    ...trial,
    coefficientNames: names,
    estimate: pickVector(estimate, places, Number.NaN),
    covariance: pickMatrix(covariance, coefficientNames.length, places, Number.NaN),
    ...(prior && { prior: pickPrior(prior, coefficientNames.length, places) }),
    ...(draws && { draws: pickRows(draws, coefficientNames.length, places, Number.NaN) }),
  }
}

/** The estimate over the coefficients that the trial has. */
export function observedPart(trial: TrialEstimate): TrialEstimate {
  const { coefficientNames, estimate, covariance, prior, draws } = trial
  const places = observedCoefficients(estimate)
  const size = coefficientNames.length
  if (places.length === size) return trial
  return {
    ...trial,
    coefficientNames: places.map((place) => coefficientNames[place]),
    estimate: pickVector(estimate, places, 0),
    covariance: pickMatrix(covariance, size, places, 0),
    ...(prior && { prior: pickPrior(prior, size, places) }),
    ...(draws && { draws: pickRows(draws, size, places, 0) }),
  }
}

/**
 * M' (V + M T M')^-1 M, `[coefficient, coefficient]`, with 0 where the trial lacks a coefficient.
 * @param between T, `[coefficient, coefficient]`
 * @throws RunError when V + M T M' is not positive definite
 */
export function marginalPrecision({ estimate, covariance }: Moments, between: Float64Array): Float64Array {
  const size = estimate.length
  const places = observedCoefficients(estimate)
  const total = covariance.map((value, at) => value + between[at])
  if (places.length === size) return invertPositiveDefinite(total, size)
  const own = invertPositiveDefinite(pickMatrix(total, size, places, 0), places.length)
  const back = Array.from({ length: size }, (_, at) => places.indexOf(at))
  return pickMatrix(own, places.length, back, 0)
}

/** c' b and c' V c over the coefficients that the trial has; both NaN when the contrast asks for none of them. */
export function observedEffect(
  { estimate, covariance }: Moments,
  contrast: ArrayLike<number>,
): { readonly mean: number; readonly variance: number } {
  const size = estimate.length
  const places = observedCoefficients(estimate).filter((place) => contrast[place] !== 0)
  if (places.length === 0) return { mean: Number.NaN, variance: Number.NaN }
  let [mean, variance] = [0, 0]
  for (const row of places) {
    mean += contrast[row] * estimate[row]
    for (const column of places) variance += contrast[row] * contrast[column] * covariance[row * size + column]
  }
  return { mean, variance }
}

/** Elements at the places, or `other` for a place below 0. */
export function pickVector(vector: ArrayLike<number>, places: readonly number[], other: number): Float64Array {
  return Float64Array.from(places, (place) => (place < 0 ? other : vector[place]))
}

/** Rows and columns of a square matrix at the places, or `other` for a place below 0. */
export function pickMatrix(matrix: ArrayLike<number>, size: number, places: readonly number[], other: number): Float64Array {
  const count = places.length
  return Float64Array.from({ length: count * count }, (_, at) => {
    const [row, column] = [places[Math.floor(at / count)], places[at % count]]
    return row < 0 || column < 0 ? other : matrix[row * size + column]
  })
}

function pickRows(rows: Float64Array, size: number, places: readonly number[], other: number): Float64Array {
  const count = places.length
  return Float64Array.from({ length: (rows.length / size) * count }, (_, at) => {
    const place = places[at % count]
    return place < 0 ? other : rows[Math.floor(at / count) * size + place]
  })
}

function pickPrior(prior: EffectPrior, size: number, places: readonly number[]): EffectPrior {
  if (prior.kind !== 'normal') return prior
  return { kind: 'normal', mean: pickVector(prior.mean, places, 0), precision: pickMatrix(prior.precision, size, places, 0) }
}
