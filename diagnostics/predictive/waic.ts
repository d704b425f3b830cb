import { variance } from '../convergence/primitives/moments.js'
import { drawsPerChain, type LogLikelihoodDraws, ofObservation } from './log-likelihood.js'
import { logSumExp } from './primitives/log-sum-exp.js'
import { type Total, total } from './primitives/total.js'

/** The widely applicable information criterion. */
export interface Waic {
  /** One value per observation, `[observation]` each. */
  readonly pointwise: {
    readonly elpd: Float64Array
    readonly effectiveParameters: Float64Array
    readonly informationCriterion: Float64Array
  }
  readonly elpd: Total
  readonly effectiveParameters: Total
  readonly informationCriterion: Total
  readonly warnings: readonly string[]
}

/**
 * Posterior variances of a log likelihood above it make the approximation doubtful (Vehtari, Gelman and Gabry 2017, section 2.4).
 */
const largestVariance = 0.4

/**
 * elpd_i = log mean_s p(y_i | theta_s) - var_s log p(y_i | theta_s) (Watanabe 2010, JMLR 11:3571; Vehtari, Gelman and Gabry 2017,
 * 10.1007/s11222-016-9696-4). `loo` estimates the same and says where it fails: prefer it. NaN for an observation with a log
 * likelihood that is not finite.
 * @throws UsageError when the values do not fill chains and observations.
 */
export function waic(logLikelihood: LogLikelihoodDraws): Waic {
  drawsPerChain(logLikelihood)
  const columns = Array.from({ length: logLikelihood.observationCount }, (_, index) => ofObservation(logLikelihood, index))
  const effectiveParameters = Float64Array.from(columns, (column) =>
    column.every(Number.isFinite) ? variance(column) : Number.NaN,
  )
  const elpd = Float64Array.from(
    columns,
    (column, index) => logSumExp(column) - Math.log(column.length) - effectiveParameters[index],
  )
  const informationCriterion = elpd.map((value) => -2 * value)
  const doubtful = effectiveParameters.filter((value) => value > largestVariance).length
  return {
    pointwise: { elpd, effectiveParameters, informationCriterion },
    elpd: total(elpd),
    effectiveParameters: total(effectiveParameters),
    informationCriterion: total(informationCriterion),
    warnings:
      doubtful === 0
        ? []
        : [
            `The log likelihood of ${doubtful} of ${elpd.length} observations ` +
              `varies by more than ${largestVariance}: use leave-one-out cross-validation instead.`,
          ],
  }
}
