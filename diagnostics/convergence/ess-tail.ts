import { essQuantile } from './ess-quantile.js'
import type { Chains } from './primitives/chains.js'

/**
 * Tail effective sample size of `[chain][draw]`: the smaller of those for the 5% and the 95% quantile
 * (Vehtari et al. 2021, 10.1214/20-BA1221). NaN where one of the two is.
 * @throws UsageError when the chains differ in length.
 */
export function essTail(chains: Chains): number {
  return Math.min(essQuantile(chains, 0.05), essQuantile(chains, 0.95))
}
