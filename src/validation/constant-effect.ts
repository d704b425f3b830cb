/**
 * The constant-effect model: a random-effects meta-analysis of the trials' average effects (restricted maximum likelihood, Hartung and Knapp's interval), which predicts
 * the same benefit for everybody. A trial's average effect is its treatment coefficient in a least-squares regression on treatment and prognostic covariates, or
 * the difference of the arms where that cannot be computed.
 */
import type { TrialDesign } from '../contract/trial.js'
import { ordinaryLeastSquares } from '../numeric/ordinary-least-squares.js'
import { studentTQuantile } from '../numeric/student-t-quantile.js'
import { armDifference, type Estimate, heldOutTrial } from './held-out-trial.js'
import { type PooledScore, poolScores } from './pool-scores.js'

/** On the analysis scale. */
export function averageEffect({ outcome, treatment, covariates, columns }: TrialDesign): Estimate {
  const prognostic = columns.flatMap(({ isPrognostic }, column) => (isPrognostic ? [column] : []))
  const width = prognostic.length + 2
  const design = Float64Array.from({ length: width * outcome.length }, (_, at) => {
    const [patient, term] = [Math.floor(at / width), at % width]
    if (term < 2) return term === 0 ? 1 : treatment[patient]
    return covariates[patient * columns.length + prognostic[term - 2]]
  })
  const { coefficients, covariance } = ordinaryLeastSquares(design, outcome)
  const variance = covariance[width + 1]
  if (Number.isFinite(variance)) return { estimate: coefficients[1], standardError: Math.sqrt(variance) }
  return armDifference(heldOutTrial(outcome, treatment))
}

/** Draws that stand for the effect in a new setting: quantiles of its predictive distribution, t with J - 2 degrees of freedom, at least 1. */
export function newSettingQuantiles(
  { estimate, standardError, heterogeneity, trialCount }: PooledScore,
  count: number,
): Float64Array {
  const sd = Math.hypot(standardError, heterogeneity)
  const degreesOfFreedom = Math.max(1, trialCount - 2)
  return Float64Array.from(
    { length: count },
    (_, index) => estimate + sd * studentTQuantile((index + 0.5) / count, degreesOfFreedom),
  )
}

export function constantEffect(trials: readonly TrialDesign[]): PooledScore {
  return poolScores(trials.map(averageEffect))
}
