import { type Chains, sortedDraws } from './primitives/chains.js'
import { requireProbability } from './primitives/require-probability.js'
import { sortedQuantile } from './primitives/sorted-quantile.js'

/**
 * Quantile of all draws of `[chain][draw]`, type 7 of Hyndman and Fan (1996, 10.1080/00031305.1996.10473566). NaN when a draw is NaN.
 * @throws UsageError when the probability is outside [0, 1] or the chains differ in length.
 * @example
 * ```ts
 * import { quantile } from 'poolite'
 *
 * quantile([[1, 2], [3, 4]].map((chain) => Float64Array.from(chain)), 0.5) // => 2.5
 * ```
 */
export function quantile(chains: Chains, probability: number): number {
  requireProbability(probability)
  return sortedQuantile(sortedDraws(chains), probability)
}
