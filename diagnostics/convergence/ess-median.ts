import { essQuantile } from './ess-quantile.js'
import type { Chains } from './primitives/chains.js'

/**
 * Effective sample size for the median of `[chain][draw]`. NaN where `essQuantile` is.
 * @throws UsageError when the chains differ in length.
 */
export function essMedian(chains: Chains): number {
  return essQuantile(chains, 0.5)
}
