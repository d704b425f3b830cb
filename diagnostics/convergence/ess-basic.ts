import type { Chains } from './primitives/chains.js'
import { effectiveSampleSize } from './primitives/effective-sample-size.js'
import { splitChains } from './primitives/split-chains.js'

/**
 * Effective sample size of the split chains on their own scale, `[chain][draw]` (Vehtari et al. 2021, 10.1214/20-BA1221, section 3.2).
 *
 * NaN for a draw that is not finite, constant draws or fewer than 6 draws a chain.
 * @throws UsageError when the chains differ in length.
 */
export function essBasic(chains: Chains): number {
  return effectiveSampleSize(splitChains(chains))
}
