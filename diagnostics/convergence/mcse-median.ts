import { mcseQuantile } from './mcse-quantile.js'
import type { Chains } from './primitives/chains.js'

/**
 * Monte Carlo standard error of the median of `[chain][draw]`, in units of the quantity. NaN where `mcseQuantile` is.
 * @throws UsageError when the chains differ in length.
 */
export function mcseMedian(chains: Chains): number {
  return mcseQuantile(chains, 0.5)
}
