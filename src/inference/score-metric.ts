/**
 * The metric that minimises the Fisher divergence between the target, known by draws x and their gradients g, and a normal distribution
 * (Seyboldt, Carlson and Carpenter 2026, Preconditioning Hamiltonian Monte Carlo by minimizing Fisher divergence, arXiv 2603.18845):
 *
 *     diagonal: M^-1 = sqrt(var x / var g)        dense: M^-1 = S with S cov(g) S = cov(x)
 *
 * For a normal target g is linear in x, so that `dimension + 1` draws determine S however dependent they are. Where the target is far from
 * normal the gradient varies more than a normal's would: the eigenvalues of cov(g) cov(x), 1 for a normal and never less than 1 for exact
 * moments (Cramér and Rao), tell how far.
 */
import { geometricMean } from './geometric-mean.js'
import { denseMetric, diagonalMetric, type Metric } from './metric.js'
import { type Moments, varianceOf } from './moments.js'

/** Draws and gradients of the log density there, both diagonal or both dense. */
export interface ScoreMoments {
  readonly positions: Moments
  readonly gradients: Moments
}

const LEAST_VARIANCE = 1e-20
const GREATEST_VARIANCE = 1e20
const LEAST_COUNT = 3

/** @returns undefined with fewer than three draws */
export function diagonalScoreMetric(moments: ScoreMoments): Metric | undefined {
  return moments.positions.count < LEAST_COUNT ? undefined : diagonalMetric(scoreVariances(moments))
}

/** From one gradient, with positions of unknown spread taken to be of order 1: M^-1 = 1 / |g|. */
export function initialScoreMetric(gradient: Float64Array): Metric {
  return diagonalMetric(gradient.map((slope) => clamp(1 / Math.abs(slope))))
}

/** In units of the observations: each of the two covariances is mixed with as many of a standard normal, on the scale of the diagonal metric. */
const SHRINKAGE = 1

/**
 * How many times the largest eigenvalue of cov(g) cov(x) may exceed what sampling error makes of 1, (1 + sqrt(dimension / n))^4, before the
 * target counts as far from normal. Set by what was seen: 1.3 to 3.5 for regressions, eight schools and meta-analyses, 11 and more for one horseshoe
 * (decision 0012).
 */
const NORMALITY_TOLERANCE = 5

/**
 * @returns undefined when the target is far from normal: a metric from gradients then shortens the steps along its long curved ridges. Also
 *   with fewer than three draws, and when the estimate is not positive definite.
 */
export function denseScoreMetric(moments: ScoreMoments): Metric | undefined {
  const { positions, gradients } = moments
  const dimension = positions.mean.length
  if (positions.count < LEAST_COUNT) return undefined
  const scales = scoreVariances(moments).map(Math.sqrt)
  const covariance = standardised(
    positions,
    scales.map((scale) => 1 / scale),
  )
  const result = geometricMean(covariance, standardised(gradients, scales), dimension)
  const noise = (1 + Math.sqrt(dimension / positions.count)) ** 2
  if (!result || !(result.largestEigenvalue < NORMALITY_TOLERANCE * noise * noise)) return undefined
  const { mean } = result
  for (let row = 0; row < dimension; row++)
    for (let column = 0; column <= row; column++) mean[row * dimension + column] *= scales[row] * scales[column]
  return denseMetric(mean, dimension)
}

function scoreVariances({ positions, gradients }: ScoreMoments): Float64Array {
  return positions.mean.map((_, i) => clamp(Math.sqrt(varianceOf(positions, i) / varianceOf(gradients, i))))
}

/** 1 for what is not a number, as where neither position nor gradient varies. */
function clamp(variance: number): number {
  return Number.isNaN(variance) ? 1 : Math.min(GREATEST_VARIANCE, Math.max(LEAST_VARIANCE, variance))
}

/** Covariance of the coordinates times these factors, shrunk towards the identity. Lower triangle. */
function standardised({ count, deviation, mean }: Moments, factors: Float64Array): Float64Array {
  const dimension = mean.length
  const result = new Float64Array(dimension * dimension)
  const weight = count / (count + SHRINKAGE) / (count - 1)
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column <= row; column++)
      result[row * dimension + column] = weight * deviation[row * dimension + column] * factors[row] * factors[column]
    result[row * (dimension + 1)] += SHRINKAGE / (count + SHRINKAGE)
  }
  return result
}
