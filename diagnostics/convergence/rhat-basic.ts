import type { Chains } from './primitives/chains.js'
import { potentialScaleReduction } from './primitives/potential-scale-reduction.js'
import { splitChains } from './primitives/split-chains.js'

/**
 * Split R-hat of the draws on their own scale, `[chain][draw]` (Gelman et al. 2013, Bayesian Data Analysis, 3rd edition, section 11.4).
 * Blind to differences in scale and unreliable when the variance is infinite: `rhat` is the one to judge by.
 *
 * NaN for a draw that is not finite, constant draws or fewer than 4 draws a chain.
 * @throws UsageError when the chains differ in length.
 */
export function rhatBasic(chains: Chains): number {
  return potentialScaleReduction(splitChains(chains))
}
