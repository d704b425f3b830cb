/**
 * Bayesian linear regression with known residual standard deviation and independent normal priors centred at 0, in closed form:
 *
 *     y ~ N(X b, sigma^2 I),  b_k ~ N(0, s_k^2)  =>  b | y ~ N(m, A^-1),  A = X'X / sigma^2 + diag(1 / s_k^2),  m = A^-1 X'y / sigma^2
 *     log p(y) = -(n/2) log(2 pi sigma^2) - (1/2) log|A| - sum_k log s_k - (1/2) (|y - X m|^2 / sigma^2 + sum_k m_k^2 / s_k^2)
 *
 * (Lindley and Smith 1972, DOI 10.1111/j.2517-6161.1972.tb00885.x). The oracle for samplers of the linear model.
 */

import { logDeterminantOfCholesky } from './cholesky.js'
import { choleskyFactor, invertPositiveDefinite } from './positive-definite.js'
import { choleskySolveInPlace } from './triangular-solve.js'

export interface NormalRegression {
  /** `[row, coefficient]`, row-major. */
  readonly design: Float64Array
  /** `[row]` */
  readonly outcome: Float64Array
  /** `[coefficient]`, prior standard deviations; Infinity for a flat prior. */
  readonly priorScale: Float64Array
  /** Residual standard deviation, taken as known. */
  readonly sigma: number
}

export interface NormalRegressionPosterior {
  /** `[coefficient]` */
  readonly mean: Float64Array
  /** `[coefficient, coefficient]` */
  readonly covariance: Float64Array
  /** log p(y); NaN when a prior is flat, since the marginal likelihood does not exist then. */
  readonly logMarginal: number
}

/** @throws RunError when the posterior is improper: flat priors on coefficients that the design does not determine. */
export function exactNormalRegression({ design, outcome, priorScale, sigma }: NormalRegression): NormalRegressionPosterior {
  const size = priorScale.length
  const precision = crossProducts(design, outcome.length, size, sigma)
  for (let k = 0; k < size; k++) precision[k * size + k] += 1 / (priorScale[k] * priorScale[k])
  const factor = choleskyFactor(precision, size)
  const mean = new Float64Array(size)
  for (let row = 0; row < outcome.length; row++)
    for (let k = 0; k < size; k++) mean[k] += (design[row * size + k] * outcome[row]) / (sigma * sigma)
  choleskySolveInPlace(factor, mean, size)
  const isProper = priorScale.every(Number.isFinite)
  const logMarginal = isProper ? logMarginalLikelihood({ design, outcome, priorScale, sigma }, mean, factor) : Number.NaN
  return { mean, covariance: invertPositiveDefinite(precision, size), logMarginal }
}

/** X'X / sigma^2, `[coefficient, coefficient]`. */
function crossProducts(design: Float64Array, rowCount: number, size: number, sigma: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let row = 0; row < rowCount; row++)
    for (let j = 0; j < size; j++)
      for (let k = 0; k < size; k++) product[j * size + k] += (design[row * size + j] * design[row * size + k]) / (sigma * sigma)
  return product
}

function logMarginalLikelihood(
  { design, outcome, priorScale, sigma }: NormalRegression,
  mean: Float64Array,
  factor: Float64Array,
): number {
  const size = mean.length
  let squares = 0
  for (let row = 0; row < outcome.length; row++) {
    let residual = outcome[row]
    for (let k = 0; k < size; k++) residual -= design[row * size + k] * mean[k]
    squares += (residual / sigma) ** 2
  }
  let logScales = 0
  for (let k = 0; k < size; k++) {
    squares += (mean[k] / priorScale[k]) ** 2
    logScales += Math.log(priorScale[k])
  }
  const normalisation = outcome.length * Math.log(2 * Math.PI * sigma * sigma)
  return -0.5 * (normalisation + logDeterminantOfCholesky(factor, size) + squares) - logScales
}
