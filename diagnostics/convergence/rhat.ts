import type { Chains } from './primitives/chains.js'
import { foldOrdered, type OrderedDraws, orderDraws, splitNormalScores } from './primitives/ordered-draws.js'
import { potentialScaleReduction } from './primitives/potential-scale-reduction.js'

/**
 * Rank-normalised split R-hat of `[chain][draw]`: the larger of the R-hat of the draws, which sees differences in location, and of the draws
 * folded about their median, which sees differences in scale (Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021, 10.1214/20-BA1221).
 *
 * Works with one chain, by comparing its halves. Infinite draws count by their rank, as in R package posterior. NaN when a draw is NaN,
 * when the draws or their distances from the median are constant, and for fewer than 4 draws a chain.
 * @throws UsageError when the chains differ in length.
 * @example
 * ```ts
 * import { drawNormal, rhat, stream } from 'poolite'
 *
 * const chain = (mean: number) => Float64Array.from({ length: 1000 }, () => drawNormal(source, mean))
 * const source = stream(1, 'two chains')
 * rhat([chain(0), chain(0)]) < 1.01 // => true
 * rhat([chain(0), chain(1)]) < 1.01 // => false
 * ```
 */
export function rhat(chains: Chains): number {
  const draws = orderDraws(chains)
  return rhatOfScores(splitNormalScores(draws), foldOrdered(draws))
}

/** @param scores normal scores of the split draws, which other diagnostics need too */
export function rhatOfScores(scores: Chains, folded: OrderedDraws): number {
  return Math.max(potentialScaleReduction(scores), potentialScaleReduction(splitNormalScores(folded)))
}
