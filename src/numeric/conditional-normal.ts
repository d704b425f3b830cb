/**
 * A normal quantity observed with normal error: theta ~ N(mu, T), b | theta ~ N(theta, S).
 *
 *     E(theta | b) = mu + T (S + T)^-1 (b - mu)          Cov(theta | b) = T - T (S + T)^-1 T
 *
 * the best linear unbiased prediction (Robinson 1991, DOI 10.1214/ss/1177011926) when T is known. T may be singular (a between-trial
 * standard deviation of 0); only S + T is factored.
 */
import { RunError } from '../errors/run-error.js'
import { choleskyInPlace } from './cholesky.js'
import { choleskySolveInPlace } from './triangular-solve.js'

export interface NormalDistribution {
  /** `[size]` */
  readonly mean: Float64Array
  /** `[size, size]` */
  readonly covariance: Float64Array
}

/**
 * Distribution of theta given b.
 * @param prior mu and T
 * @param observation b (`mean`) and S (`covariance`)
 * @throws RunError when S + T is not positive definite.
 */
export function conditionalNormal(prior: NormalDistribution, observation: NormalDistribution): NormalDistribution {
  const size = prior.mean.length
  const factor = observation.covariance.map((value, index) => value + prior.covariance[index])
  if (!choleskyInPlace(factor, size))
    throw new RunError({
      problem: 'the covariance of an observed coefficient vector is not positive definite',
      reason: 'the sum of its error covariance and the between-trial covariance has no Cholesky factor',
      remedy: 'Check that the trial has more patients than coefficients and no redundant covariate.',
    })
  const weighted = observation.mean.map((value, index) => value - prior.mean[index])
  choleskySolveInPlace(factor, weighted, size)
  const mean = prior.mean.map((value, row) => value + dotRow(prior.covariance, row, weighted, size))
  const covariance = Float64Array.from(prior.covariance)
  const gain = new Float64Array(size)
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) gain[row] = prior.covariance[row * size + column]
    choleskySolveInPlace(factor, gain, size)
    for (let row = column; row < size; row++) {
      const value = covariance[row * size + column] - dotRow(prior.covariance, row, gain, size)
      covariance[row * size + column] = value
      covariance[column * size + row] = value
    }
  }
  return { mean, covariance }
}

/**
 * The step that a loop over draws repeats: adds T (S + T)^-1 `residual` to `value`, in place.
 *
 * With `value` = mu and `residual` = b - mu it gives E(theta | b). With `value` = theta0 ~ N(mu, T) and `residual` = b - theta0 - e,
 * e ~ N(0, S), it gives an exact draw of theta | b without a factor of the conditional covariance, which may be singular (Matheron's rule;
 * Doucet 2010, "A note on efficient conditional simulation of Gaussian distributions").
 *
 * @param value `[size]`, changed
 * @param residual `[size]`, overwritten
 * @param covariance T, `[size, size]`
 * @param errorCovariance S, `[size, size]` from `errorOffset` on
 * @param workspace `[size, size]`, overwritten
 * @returns false, with `value` unchanged, when S + T is not positive definite.
 */
export function conditionInPlace(
  value: Float64Array,
  residual: Float64Array,
  covariance: Float64Array,
  errorCovariance: Float64Array,
  workspace: Float64Array,
  errorOffset = 0,
): boolean {
  const size = value.length
  for (let index = 0; index < size * size; index++) workspace[index] = covariance[index] + errorCovariance[errorOffset + index]
  if (!choleskyInPlace(workspace, size)) return false
  choleskySolveInPlace(workspace, residual, size)
  for (let row = 0; row < size; row++) value[row] += dotRow(covariance, row, residual, size)
  return true
}

function dotRow(matrix: Float64Array, row: number, vector: Float64Array, size: number): number {
  let sum = 0
  for (let column = 0; column < size; column++) sum += matrix[row * size + column] * vector[column]
  return sum
}
