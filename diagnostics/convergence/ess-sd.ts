import { essBasic } from './ess-basic.js'
import { type Chains, pooled } from './primitives/chains.js'
import { mean } from './primitives/moments.js'

/**
 * Effective sample size for the posterior standard deviation, `[chain][draw]`: that of the squared deviations from the mean, as in R package
 * posterior 1.7.1 (version 1.4.0 used absolute deviations).
 *
 * NaN for a draw that is not finite, constant draws or fewer than 6 draws a chain.
 * @throws UsageError when the chains differ in length.
 */
export function essSd(chains: Chains): number {
  const centre = mean(pooled(chains))
  return essBasic(chains.map((chain) => chain.map((value) => (value - centre) ** 2)))
}
