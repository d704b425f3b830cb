/**
 * Independent draws from the posterior of a normal linear regression whose residual standard deviation is not known,
 *
 *     y ~ N(X b, sigma^2 I),   b_k flat, or N(0, s_k^2), or N(0, sigma^2 s_k^2),   sigma with any prior:
 *
 * sigma by inversion of its marginal posterior, then b given sigma. Columns with a flat prior are projected out first. In the eigenvectors q_i of the
 * scaled cross-products of the others, with eigenvalues l_i, least-squares coordinates c_i, residual sum of squares R, r = n - number of flat columns
 * and k = 1 (k = sigma^2 when the scales are in units of sigma), a_i = k l_i / sigma^2 and, up to a constant,
 *
 *     log p(sigma | y) = log p(sigma) - r log sigma - (1/2) sum_i log(1 + a_i) - {R + sum_i c_i^2 l_i / (1 + a_i)} / (2 sigma^2)
 *     q_i'b | sigma, y ~ N(c_i a_i / (1 + a_i), k / (1 + a_i))
 *
 * (Lindley and Smith 1972, DOI 10.1111/j.2517-6161.1972.tb00885.x; Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., ch. 14).
 */
import type { Stream } from '../contract/stream.js'
import { RunError } from '../errors/run-error.js'
import { standardNormal } from '../random/standard-normal.js'
import { type RotatedRegression, rotateRegression } from './rotated-regression.js'
import { tabulatedDistribution } from './tabulated-distribution.js'

export interface ExactRegression {
  /** `[row, coefficient]`, row-major. */
  readonly design: Float64Array
  /** `[row]` */
  readonly outcome: Float64Array
  /** `[coefficient]`, prior standard deviations s_k; Infinity for a flat prior. */
  readonly priorScale: Float64Array
  /** The finite s_k are in units of sigma. */
  readonly isRelative?: boolean
  readonly residual: ResidualPrior
}

export interface ResidualPrior {
  /** Log density, up to a constant, of the prior of log sigma (not sigma) at sigma. */
  readonly logDensity: (sigma: number) => number
  /** Order of magnitude of what is likely at most; 0 when the prior does not say. */
  readonly scale: number
}

/** A sampler of independent draws. */
export interface RegressionSampler {
  /** Writes the coefficients of one draw from `offset` on and returns its sigma. */
  draw(stream: Stream, coefficients: Float64Array, offset: number): number
}

/** @throws RunError when the posterior is improper: flat priors on coefficients that the design does not determine, or residuals that are all 0. */
export function exactRegressionSampler(regression: ExactRegression): RegressionSampler {
  const { residual, outcome, isRelative = false } = regression
  const rotated = rotateRegression(regression)
  const { values, coordinates, residualSquares, freeRows } = rotated
  requireResiduals(residualSquares, outcome, freeRows - values.filter((value) => value > 0).length)
  const share = (index: number, variance: number) => (isRelative ? values[index] : values[index] / variance)
  const logDensity = (logSigma: number) => {
    const sigma = Math.exp(logSigma)
    let [squares, logDeterminant] = [residualSquares, 0]
    for (let i = 0; i < values.length; i++) {
      const a = share(i, sigma * sigma)
      squares += (coordinates[i] ** 2 * values[i]) / (1 + a)
      logDeterminant += Math.log1p(a)
    }
    return residual.logDensity(sigma) - freeRows * logSigma - logDeterminant / 2 - squares / (2 * sigma * sigma)
  }
  const sigmas = tabulatedDistribution(logDensity, logSigmaRange(residualSquares, outcome, residual.scale))
  const eigen = new Float64Array(values.length)
  const right = new Float64Array(rotated.flat.length)
  return {
    draw(stream, coefficients, offset) {
      const sigma = Math.exp(sigmas.quantile(stream.uniform()))
      for (let i = 0; i < eigen.length; i++) {
        const a = share(i, sigma * sigma)
        eigen[i] = (coordinates[i] * a) / (1 + a) + (isRelative ? sigma : 1) * Math.sqrt(1 / (1 + a)) * standardNormal(stream)
      }
      for (let f = 0; f < right.length; f++) right[f] = rotated.outcomeWeights[f] + sigma * standardNormal(stream)
      rotateBack(rotated, eigen, right, coefficients, offset)
      return sigma
    },
  }
}

/**
 * Coefficients from eigen-coordinates: those with a proper prior, then the flat ones given them.
 * @param right coordinates of the outcome along the flat columns, used up, `[flat]`
 */
function rotateBack(
  { vectors, proper, flat, scales, columnWeights, triangle }: RotatedRegression,
  eigen: Float64Array,
  right: Float64Array,
  coefficients: Float64Array,
  offset: number,
): void {
  const size = eigen.length
  for (let k = 0; k < size; k++) {
    let value = 0
    for (let i = 0; i < size; i++) value += vectors[i * size + k] * eigen[i]
    coefficients[offset + proper[k]] = value * scales[k]
    const weights = columnWeights[k]
    for (let f = 0; f < right.length; f++) right[f] -= weights[f] * value * scales[k]
  }
  for (let f = flat.length - 1; f >= 0; f--) {
    const value = right[f] / triangle[f][f]
    coefficients[offset + flat[f]] = value
    for (let earlier = 0; earlier < f; earlier++) right[earlier] -= triangle[f][earlier] * value
  }
}

/** Residuals below this share of the outcome's root mean square are rounding error. */
const PERFECT_FIT = 1e-10
/** In log sigma: how far beyond what data and prior suggest the marginal posterior is looked at. */
const MARGIN = 48

/** Where log sigma can be, generously. */
export function logSigmaRange(residualSquares: number, outcome: Float64Array, priorScale: number): readonly [number, number] {
  const total = rootMeanSquare(outcome)
  const least = Math.max(Math.sqrt(residualSquares / outcome.length), PERFECT_FIT * Math.max(total, priorScale))
  return [Math.log(least) - MARGIN, Math.log(Math.max(total, priorScale)) + MARGIN]
}

/** @throws RunError when residuals are 0 though patients are left over: the posterior of sigma then piles up at 0 and has no normalisation. */
export function requireResiduals(residualSquares: number, outcome: Float64Array, degreesOfFreedom: number): void {
  if (degreesOfFreedom > 0 && Math.sqrt(residualSquares) > PERFECT_FIT * Math.sqrt(outcome.length) * rootMeanSquare(outcome))
    return
  if (degreesOfFreedom <= 0) return
  throw new RunError({
    problem: 'the regression fits the outcome without error',
    reason: 'the posterior of the residual standard deviation is then infinitely high at 0 and cannot be normalised',
    remedy: 'Check the outcome: it is constant, or a combination of the covariates.',
  })
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
