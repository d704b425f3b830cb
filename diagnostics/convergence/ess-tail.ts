import { essSortedQuantile } from './ess-quantile.js'
import { type Chains, sortedDraws } from './primitives/chains.js'

/**
 * Tail effective sample size of `[chain][draw]`: the smaller of those for the 5% and the 95% quantile
 * (Vehtari et al. 2021, 10.1214/20-BA1221). NaN where one of the two is.
 * @throws UsageError when the chains differ in length.
 */
export function essTail(chains: Chains): number {
  return essSortedTail(chains, sortedDraws(chains))
}

/** @param sorted all draws in ascending order */
export function essSortedTail(chains: Chains, sorted: Float64Array): number {
  return Math.min(essSortedQuantile(chains, sorted, 0.05), essSortedQuantile(chains, sorted, 0.95))
}
