/**
 * The pooled effect c' mu of a person without one of the trials, in the normal approximation mu = V sum_j W_j theta_j, W_j = (V_j + T)^-1, with T held at its
 * posterior mean: what one trial does to the average, not what it does to the heterogeneity (Viechtbauer and Cheung 2010, 10.1002/jrsm.11).
 */
import type { TrialEstimate } from '../contract/trial.js'
import { RunError } from '../errors/run-error.js'
import { marginalPrecision } from '../numeric/missing-coefficients.js'
import { invertPositiveDefinite } from '../numeric/positive-definite.js'

export interface TrialLeftOut {
  /** Absent for all trials together. */
  readonly study?: string
  readonly mean: number
  readonly sd: number
}

/**
 * All trials first, then without each of them; empty when a covariance cannot be inverted, or there are fewer than three trials.
 * @param between T, `[coefficient, coefficient]`
 * @param contrast c, `[coefficient]`
 */
export function leaveTrialOut(
  trials: readonly Pick<TrialEstimate, 'study' | 'estimate' | 'covariance'>[],
  between: Float64Array,
  contrast: Float64Array,
): TrialLeftOut[] {
  if (trials.length < 3) return []
  const size = contrast.length
  try {
    const precisions = trials.map((trial) => marginalPrecision(trial, between))
    const estimates = trials.map(({ estimate }) => estimate.map((value) => (Number.isNaN(value) ? 0 : value)))
    const without = (left?: number): TrialLeftOut => {
      const precision = new Float64Array(size * size)
      const weighted = new Float64Array(size)
      precisions.forEach((own, trial) => {
        if (trial === left) return
        for (let at = 0; at < own.length; at++) precision[at] += own[at]
        for (let row = 0; row < size; row++) weighted[row] += dot(own.subarray(row * size, (row + 1) * size), estimates[trial])
      })
      const variance = invertPositiveDefinite(precision, size)
      const direction = contrast.map((_, row) => dot(variance.subarray(row * size, (row + 1) * size), contrast))
      return {
        ...(left !== undefined && { study: trials[left].study }),
        mean: dot(direction, weighted),
        sd: Math.sqrt(dot(direction, contrast)),
      }
    }
    return [without(), ...trials.map((_, trial) => without(trial))]
  } catch (error) {
    if (error instanceof RunError) return []
    throw error
  }
}

const dot = (left: Float64Array, right: Float64Array): number => left.reduce((sum, value, at) => sum + value * right[at], 0)
