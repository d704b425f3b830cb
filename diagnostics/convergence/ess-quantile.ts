import { type Chains, sortedDraws } from './primitives/chains.js'
import { effectiveSampleSize } from './primitives/effective-sample-size.js'
import { isAssessable } from './primitives/is-assessable.js'
import { requireProbability } from './primitives/require-probability.js'
import { sortedQuantile } from './primitives/sorted-quantile.js'
import { splitChains } from './primitives/split-chains.js'

/**
 * Effective sample size for a quantile of `[chain][draw]`: that of the indicator draw <= quantile
 * (Vehtari et al. 2021, 10.1214/20-BA1221). The maximum (probability 1) is read at 1 - 1 / (2 S).
 *
 * NaN for a draw that is not finite, constant draws, fewer than 6 draws a chain, and where no draw lies above the quantile, as with the
 * upper quantile of a quantity of few distinct values.
 * @throws UsageError when the probability is outside [0, 1] or the chains differ in length.
 */
export function essQuantile(chains: Chains, probability: number): number {
  requireProbability(probability)
  return essSortedQuantile(chains, sortedDraws(chains), probability)
}

/** @param sorted all draws in ascending order */
export function essSortedQuantile(chains: Chains, sorted: Float64Array, probability: number): number {
  if (!isAssessable(chains)) return Number.NaN
  const threshold = sortedQuantile(sorted, probability === 1 ? (sorted.length - 0.5) / sorted.length : probability)
  return effectiveSampleSize(splitChains(chains.map((chain) => chain.map((value) => (value <= threshold ? 1 : 0)))))
}
