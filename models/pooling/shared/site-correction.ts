/**
 * Importance weights for draws of mu and T that were sampled with the trials' draws smoothed:
 *
 *     prod_j L_j(mu, T) / L_j^smooth(mu, T),   L_j(mu, T) = sum_s w_js N(m_js; mu, k^2 S_j + T)
 *
 * with more draws and a width k that is the square of the sampler's. As draws become many, L_j is the integral of the trial's posterior over N(mu, T): the exact
 * two-stage analysis (Lunn, Barrett, Sweeting and Thompson 2013, 10.1111/rssc.12007). Where T is narrow beside a trial's posterior few of its draws count, which the
 * error of log L_j shows: 1 / (draws that count) - 1 / (draws), the variance of the logarithm of a mean.
 */
import type { SiteCorrection } from '../../../src/contract/pooling-method.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { hierarchicalData, sharpData } from './hierarchical-data.js'
import type { HierarchicalOptions } from './hierarchical-options.js'
import { drawTrialAmong, kernelLogDensities, normalisedDensities } from './site-likelihood.js'
import { trialComponents } from './trial-distribution.js'

/** @returns undefined unless draws are pooled */
export function siteCorrection(trials: readonly TrialEstimate[], options: HierarchicalOptions): SiteCorrection | undefined {
  if (options.siteLikelihood !== 'draws') return undefined
  const size = trials[0].coefficientNames.length
  const [smooth, sharp] = [hierarchicalData(trials, options), sharpData(trials, options)]
  return (stream, values) => {
    const { mu } = values
    const theta = new Float64Array(trials.length * size)
    const aberrant = new Float64Array(trials.length)
    let [logRatio, variance] = [0, 0]
    trials.forEach((_, trial) => {
      const components = trialComponents(values, options, size, trial)
      const { probabilities, logSum } = normalisedDensities(kernelLogDensities(mu, components, sharp, trial))
      logRatio += logSum - normalisedDensities(kernelLogDensities(mu, components, smooth, trial)).logSum
      variance -= 1 / probabilities.length
      for (const probability of probabilities) variance += probability * probability
      const drawn = drawTrialAmong(stream, probabilities, mu, components, sharp, trial)
      theta.set(drawn.theta, trial * size)
      aberrant[trial] = drawn.componentProbabilities[1] ?? 0
    })
    return { logRatio, variance, variables: options.betweenTrials === 'contamination' ? { theta, aberrant } : { theta } }
  }
}
