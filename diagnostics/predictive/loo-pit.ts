import type { Stream } from '../../src/contract/stream.js'
import { UsageError } from '../../src/errors/usage-error.js'
import type { LogLikelihoodDraws } from './log-likelihood.js'
import { looWeights } from './loo.js'

/**
 * Probability integral transforms of the observations under their leave-one-out predictive distributions, `[observation]`: P(y~_i
 * < y_i | y_-i) + u P(y~_i = y_i | y_-i), from replicates weighted by `looWeights`, u uniform from the stream (Gelfand, Dey and
 * Chang 1992; Saeilynoja, Buerkner and Vehtari 2022, 10.1007/s11222-022-10090-6). About uniform when the predictive distributions
 * are calibrated: a hump in the middle tells of predictions that are too wide, gathering at 0 and 1 of predictions that are too
 * narrow.
 *
 * @param observed `[observation]`
 * @param replicated of the same draws as the log likelihood. `[chain, draw, observation]`
 * @throws UsageError when the three do not have the same draws and observations.
 */
export function looPit(
  stream: Stream,
  observed: Float64Array,
  replicated: Float64Array,
  logLikelihood: LogLikelihoodDraws,
): Float64Array {
  const size = observed.length
  if (logLikelihood.observationCount !== size || replicated.length !== logLikelihood.values.length)
    throw new UsageError({
      problem: `there are ${size} observed values, ${replicated.length} replicated ones and log likelihoods of ${logLikelihood.observationCount} observations`,
      reason: 'every observed number needs its own log likelihood and replicates from the same draws',
      remedy: 'Leave this check out for outcomes of several numbers per observation.',
    })
  return observed.map((value, observation) => {
    const { logWeights } = looWeights(logLikelihood, observation)
    let [below, equal] = [0, 0]
    logWeights.forEach((logWeight, draw) => {
      const replicate = replicated[draw * size + observation]
      if (replicate < value) below += Math.exp(logWeight)
      else if (replicate === value) equal += Math.exp(logWeight)
    })
    return Math.min(1, below + stream.uniform() * equal)
  })
}
