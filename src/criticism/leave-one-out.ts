import type { LogLikelihoodDraws } from '../../diagnostics/predictive/log-likelihood.js'
import { type Loo, loo } from '../../diagnostics/predictive/loo.js'
import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import { type Draws, elementCount } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { UsageError } from '../errors/usage-error.js'
import { logDensities } from '../language/log-densities.js'
import { printed } from '../printed.js'

/**
 * Leave-one-out cross-validation of a model by Pareto-smoothed importance sampling, from draws of its posterior (see `loo`). What
 * is left out is one element of the model's `logLikelihood`: a patient of a first-stage model, a trial of a pooling method.
 * @throws UsageError when the draws are weighted, or come from another model or other data.
 * @example
 * ```ts
 * import { fit, leaveOneOut, model, normal, normalLogProbability, show } from 'poolite'
 *
 * const mean = model({
 *   name: 'mean',
 *   parameters: (_: { y: number[] }) => ({ mu: normal(0, 1) }),
 *   logLikelihood: ({ mu }, { y }) => normalLogProbability(y, mu, 1),
 * })
 * const data = { y: [0.1, 0.4, -0.2, 0.9] }
 * const { draws } = await fit(mean, data, { seed: 1 })
 * show(leaveOneOut(mean, data, draws))
 * ```
 */
export function leaveOneOut<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  draws: Draws,
): Loo {
  return printed(loo(logLikelihoodDraws(model, data, draws)))
}

/** Log likelihood of every observation in every draw, for `loo`, `waic` and `looPit`. Throws as `leaveOneOut`. */
export function logLikelihoodDraws<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  draws: Draws,
): LogLikelihoodDraws {
  requireUnweighted(draws)
  const pointwise = variable(logDensities(model, data, draws), 'log_likelihood')
  return { values: pointwise.values, chainCount: draws.chainCount, observationCount: elementCount(pointwise) }
}

/** @throws UsageError for draws with weights. */
export function requireUnweighted(draws: Draws): void {
  if (!draws.logWeights) return
  throw new UsageError({
    problem: 'these draws carry weights',
    reason: 'they are not draws from the posterior of one model',
    remedy: 'Give the draws of one fit.',
  })
}
