/**
 * Random-effects meta-analysis of a score over held-out trials: y_j ~ N(mu, v_j + tau^2), tau by restricted maximum likelihood, interval for the mean by
 * Hartung and Knapp with q of at least 1 (Roever, Knapp and Friede 2015, 10.1186/s12874-015-0091-1), and a prediction interval for a new trial with J - 2 degrees of
 * freedom (Higgins, Thompson and Spiegelhalter 2009, 10.1111/j.1467-985X.2008.00552.x). Folds share training trials, so that the scores are a little
 * dependent, which no interval here knows (Bengio and Grandvalet 2004).
 */
import { pooledMean, restrictedMaximumLikelihood } from '../numeric/heterogeneity.js'
import { studentTQuantile } from '../numeric/student-t-quantile.js'
import type { Estimate } from './held-out-trial.js'

export interface PooledScore extends Estimate {
  /** 95% interval of the mean. */
  readonly lower: number
  readonly upper: number
  /** tau: standard deviation between trials; NaN with one trial. */
  readonly heterogeneity: number
  /** 95% prediction interval for the score in a new trial; NaN with fewer than three. */
  readonly predictionLower: number
  readonly predictionUpper: number
  /** Trials with a score. */
  readonly trialCount: number
}

const LEVEL = 0.975

/** Scores that are not finite are left out. */
export function poolScores(scores: readonly Estimate[]): PooledScore {
  const usable = scores.filter(({ estimate, standardError }) => Number.isFinite(estimate) && Number.isFinite(standardError))
  const trialCount = usable.length
  if (trialCount === 0) return summary({ estimate: Number.NaN, standardError: Number.NaN }, Number.NaN, 0)
  const unit = Math.sqrt(usable.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / trialCount)
  if (unit === 0) return withoutError(usable)
  const effects = Float64Array.from(usable, ({ estimate }) => estimate / unit)
  // A trial whose score is exact would get all the weight.
  const variances = Float64Array.from(usable, ({ standardError }) => Math.max((standardError / unit) ** 2, LEAST_VARIANCE))
  const tauSquared = trialCount > 1 ? restrictedMaximumLikelihood(effects, variances) : 0
  const { mean, precision } = pooledMean(effects, variances, tauSquared)
  let q = 0
  effects.forEach((effect, trial) => {
    q += (effect - mean) ** 2 / (variances[trial] + tauSquared)
  })
  const scale = trialCount > 1 ? Math.max(1, q / (trialCount - 1)) : 1
  const pooled = { estimate: mean * unit, standardError: Math.sqrt(scale / precision) * unit }
  return summary(pooled, trialCount > 1 ? Math.sqrt(tauSquared) * unit : Number.NaN, trialCount)
}

const LEAST_VARIANCE = 1e-6

function withoutError(scores: readonly Estimate[]): PooledScore {
  const count = scores.length
  const estimate = scores.reduce((sum, score) => sum + score.estimate, 0) / count
  const variance = scores.reduce((sum, score) => sum + (score.estimate - estimate) ** 2, 0) / Math.max(1, count - 1)
  return summary({ estimate, standardError: Math.sqrt(variance / count) }, count > 1 ? Math.sqrt(variance) : Number.NaN, count)
}

function summary({ estimate, standardError }: Estimate, heterogeneity: number, trialCount: number): PooledScore {
  const half = standardError * studentTQuantile(LEVEL, trialCount > 1 ? trialCount - 1 : Number.POSITIVE_INFINITY)
  const wide = trialCount > 2 ? studentTQuantile(LEVEL, trialCount - 2) * Math.hypot(standardError, heterogeneity) : Number.NaN
  return {
    estimate,
    standardError,
    lower: estimate - half,
    upper: estimate + half,
    heterogeneity,
    predictionLower: estimate - wide,
    predictionUpper: estimate + wide,
    trialCount,
  }
}
