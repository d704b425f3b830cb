import type { Chains } from './primitives/chains.js'
import { effectiveSampleSize } from './primitives/effective-sample-size.js'
import { rankNormalise } from './primitives/rank-normalise.js'
import { splitChains } from './primitives/split-chains.js'

/**
 * Bulk effective sample size of `[chain][draw]`: that of the rank-normalised split chains, defined even where the mean is not
 * (Vehtari et al. 2021, 10.1214/20-BA1221).
 *
 * Infinite draws count by their rank, as in R package posterior. NaN when a draw is NaN, for constant draws and for fewer than 6 draws a chain.
 * @throws UsageError when the chains differ in length.
 */
export function essBulk(chains: Chains): number {
  return effectiveSampleSize(rankNormalise(splitChains(chains)))
}
