/**
 * A linear function of the pooled coefficients, c' theta, with its intervals for the three settings:
 *
 *     average       c' mu     +- t sqrt(c' V c)
 *     new setting   c' mu     +- t' sqrt(c' V c + c' T c)      (Higgins, Thompson and Spiegelhalter 2009, 10.1111/j.1467-985X.2008.00552.x)
 *     trial j       c' theta_j +- t sqrt(c' Var c)             (best linear unbiased prediction)
 */
import { UsageError } from '../../errors/usage-error.js'
import { studentTQuantile } from '../student-t-quantile.js'
import { times } from './derivatives.js'
import type { MultivariateMetaAnalysis } from './multivariate-meta-analysis.js'
import { sandwich } from './trial-effects.js'

export interface IntervalEstimate {
  readonly estimate: number
  readonly standardError: number
  /** NaN when there are too few trials for an interval. */
  readonly lower: number
  readonly upper: number
}

export interface ContrastEstimate {
  readonly average: IntervalEstimate
  readonly newSetting: IntervalEstimate
  /** `[trial]` */
  readonly trials: readonly (IntervalEstimate & { readonly study: string })[]
}

/** Means of the coefficients at values of the moderators: mean `[coefficient]` and covariance `[coefficient, coefficient]`. */
export function meanCoefficients(
  analysis: MultivariateMetaAnalysis,
  moderators: Readonly<Record<string, number>> = {},
): { mean: Float64Array; covariance: Float64Array } {
  const { coefficientNames, terms, coefficients, moderatorNames } = analysis
  const missing = moderatorNames.find((name) => !Number.isFinite(moderators[name]))
  if (missing !== undefined)
    throw new UsageError({
      problem: `no value of the moderator "${missing}" was given`,
      reason: 'the average over settings depends on it',
      remedy: `Give a number for each of ${moderatorNames.join(', ')}.`,
    })
  const size = coefficientNames.length
  const design = new Float64Array(size * terms.length)
  terms.forEach(({ coefficient, moderator }, a) => {
    design[coefficientNames.indexOf(coefficient) * terms.length + a] = moderator === 'intercept' ? 1 : moderators[moderator]
  })
  const mean = Float64Array.from({ length: size }, (_, i) =>
    coefficients.reduce((sum, value, a) => sum + design[i * terms.length + a] * value, 0),
  )
  return { mean, covariance: sandwich(design, analysis.covariance, size, terms.length) }
}

/**
 * @param contrast `[coefficient]`
 * @param moderators values at which the average and the new setting are meant; needed when there are moderators.
 * @throws UsageError for a contrast of another length or a moderator without value.
 * @example
 * ```ts
 * import { metaAnalysisContrast, multivariateMetaAnalysis } from 'poolite'
 *
 * const analysis = multivariateMetaAnalysis({
 *   estimates: [[0.2, 0.1], [0.4, 0.3]].map((one) => Float64Array.from(one)),
 *   covariances: [0, 1].map(() => Float64Array.of(0.04, 0, 0, 0.01)),
 *   coefficientNames: ['treatment', 'treatment:age'],
 *   options: { estimator: 'fixed' },
 * })
 * // the effect two units of age above the reference: 0.3 + 2 x 0.2
 * metaAnalysisContrast(analysis, [1, 2]).average.estimate // => 0.70
 * ```
 */
export function metaAnalysisContrast(
  analysis: MultivariateMetaAnalysis,
  contrast: ArrayLike<number>,
  moderators: Readonly<Record<string, number>> = {},
): ContrastEstimate {
  const size = analysis.coefficientNames.length
  if (contrast.length !== size)
    throw new UsageError({
      problem: `the contrast has ${contrast.length} elements`,
      remedy: `Give one for each coefficient: ${analysis.coefficientNames.join(', ')}.`,
    })
  const c = Float64Array.from(contrast)
  const { mean, covariance } = meanCoefficients(analysis, moderators)
  const probability = (1 + analysis.options.level) / 2
  const ordinary = studentTQuantile(probability, analysis.degreesOfFreedom)
  const wide = studentTQuantile(probability, analysis.predictionDegreesOfFreedom)
  const variance = quadratic(covariance, c)
  return {
    average: interval(dot(c, mean), variance, ordinary),
    newSetting: interval(dot(c, mean), variance + quadratic(analysis.betweenTrialCovariance, c), wide),
    trials: analysis.trials.map(({ study, estimate, covariance: own }) => ({
      study,
      ...interval(dot(c, estimate), quadratic(own, c), ordinary),
    })),
  }
}

function interval(estimate: number, variance: number, quantile: number): IntervalEstimate {
  const standardError = Math.sqrt(Math.max(0, variance))
  return { estimate, standardError, lower: estimate - quantile * standardError, upper: estimate + quantile * standardError }
}

const dot = (left: Float64Array, right: Float64Array) => left.reduce((sum, value, i) => sum + value * right[i], 0)

const quadratic = (matrix: Float64Array, c: Float64Array) => dot(c, times(matrix, c, c.length, 1))
