/**
 * What each trial counts for in a person's pooled effect c' mu. With W_j = (V_j + T)^-1 and V = (sum_j W_j)^-1 the pooled coefficients are
 * mu = V sum_j W_j theta_j, and trial j's share is its part of the variance of c' mu:
 *
 *     share_j = c' V W_j V c / c' V c,
 *
 * which adds up to 1, is never negative, and for one coefficient is the usual inverse-variance weight (Riley, Ensor, Jackson and Burke 2018,
 * 10.1177/0962280216688033). T is held at its posterior mean.
 */
import type { TrialEstimate } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { RunError } from '../errors/run-error.js'
import { marginalPrecision, observedEffect } from '../numeric/missing-coefficients.js'
import { invertPositiveDefinite } from '../numeric/positive-definite.js'

/** Posterior mean of T = diag(tau) Omega diag(tau), `[coefficient, coefficient]`, analysis scale. */
export function meanBetweenCovariance(pooled: Draws): Float64Array {
  const tau = variable(pooled, 'tau')
  const correlation = pooled.variables.find(({ name }) => name === 'Omega')?.values
  const size = tau.dimensions[0].labels.length
  const drawCount = tau.values.length / size
  const mean = new Float64Array(size * size)
  for (let draw = 0; draw < drawCount; draw++)
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) {
        const own = correlation ? correlation[draw * size * size + row * size + column] : Number(row === column)
        mean[row * size + column] += (own * tau.values[draw * size + row] * tau.values[draw * size + column]) / drawCount
      }
  return mean
}

/**
 * @param between T, `[coefficient, coefficient]`
 * @param contrast c, `[coefficient]`
 * @returns `[trial]`; undefined when a covariance V_j + T cannot be inverted or the contrast is 0
 */
export function trialWeights(
  trials: readonly Pick<TrialEstimate, 'estimate' | 'covariance'>[],
  between: Float64Array,
  contrast: Float64Array,
): Float64Array | undefined {
  const size = contrast.length
  try {
    const precisions = trials.map((trial) => marginalPrecision(trial, between))
    const total = new Float64Array(size * size)
    for (const precision of precisions) for (let at = 0; at < total.length; at++) total[at] += precision[at]
    const direction = product(invertPositiveDefinite(total, size), contrast)
    const shares = Float64Array.from(precisions, (precision) => quadraticForm(precision, direction))
    const sum = shares.reduce((all, share) => all + share, 0)
    return sum > 0 ? shares.map((share) => share / sum) : undefined
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}

/**
 * How far a trial's own effect is pulled to the average: v / (v + tau^2) with v = c' V_j c and tau^2 = c' T c; 1 where trials are taken to be alike or the trial has none of the
 * coefficients that count, near 0 where a trial speaks for itself.
 */
export function shrinkage(
  trial: Pick<TrialEstimate, 'estimate' | 'covariance'>,
  between: Float64Array,
  contrast: Float64Array,
): number {
  const { variance } = observedEffect(trial, contrast)
  return Number.isNaN(variance) ? 1 : variance / (variance + quadraticForm(between, contrast))
}

/** x' A x. @param matrix `[size, size]` */
function quadraticForm(matrix: Float64Array, vector: Float64Array): number {
  return product(matrix, vector).reduce((sum, value, at) => sum + value * vector[at], 0)
}

function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length
  return vector.map((_, row) => vector.reduce((sum, value, column) => sum + matrix[row * size + column] * value, 0))
}
