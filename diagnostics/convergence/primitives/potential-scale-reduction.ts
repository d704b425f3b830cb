import { type Chains, chainLength } from './chains.js'
import { isAssessable } from './is-assessable.js'
import { mean, variance } from './moments.js'

/**
 * Ratio of the marginal to the within-chain standard deviation, of the chains as they are:
 * sqrt(((N - 1) / N W + B / N) / W) with B / N the variance of the chain means and W the mean variance within chains
 * (Gelman and Rubin 1992, 10.1214/ss/1177011136; Vehtari et al. 2021, 10.1214/20-BA1221).
 *
 * NaN for a draw that is not finite, for constant draws, a single chain or a single draw; Infinity when every chain stands still at a place of its own.
 */
export function potentialScaleReduction(chains: Chains): number {
  if (!isAssessable(chains)) return Number.NaN
  const length = chainLength(chains)
  const between = length * variance(chains.map(mean))
  const within = mean(chains.map(variance))
  return Math.sqrt((between / within + length - 1) / length)
}
