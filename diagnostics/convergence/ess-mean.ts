import { essBasic } from './ess-basic.js'
import type { Chains } from './primitives/chains.js'

/**
 * Effective sample size for the posterior mean, `[chain][draw]`: the draws on their own scale, since the mean is not invariant to ranks
 * (Vehtari et al. 2021, 10.1214/20-BA1221). NaN where `essBasic` is.
 * @throws UsageError when the chains differ in length.
 */
export function essMean(chains: Chains): number {
  return essBasic(chains)
}
