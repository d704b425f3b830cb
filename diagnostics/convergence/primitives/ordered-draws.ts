/** Draws of one scalar with their order, found once for all diagnostics that go by ranks or order statistics. */
import { ascendingOrder } from './ascending-order.js'
import { type Chains, chainLength, pooled } from './chains.js'
import { fold } from './fold.js'
import { rankNormalise, scoresInOrder } from './rank-normalise.js'
import { sortedMedian } from './sorted-quantile.js'
import { splitChains } from './split-chains.js'

export interface OrderedDraws {
  /** `[chain][draw]` */
  readonly chains: Chains
  /** All draws in ascending order, NaN last. `[chain * draw]` */
  readonly sorted: Float64Array
  /** Where among all draws, chain after chain, each of those lies; absent when a draw is NaN. `[chain * draw]` */
  readonly order?: Uint32Array
}

/** @throws UsageError when the chains differ in length. */
export function orderDraws(chains: Chains): OrderedDraws {
  const all = pooled(chains)
  if (all.some(Number.isNaN)) return { chains, sorted: all.sort() }
  const order = ascendingOrder(all)
  return { chains, sorted: taken(all, order), order }
}

/** `orderDraws(fold(chains))`: draws below the median, backwards, and those above it are in order already, and are merged. */
export function foldOrdered({ chains, sorted, order }: OrderedDraws): OrderedDraws {
  const median = sortedMedian(sorted)
  const folded = fold(chains, median)
  if (!order || !Number.isFinite(median)) return orderDraws(folded)
  const all = pooled(folded)
  const merged = new Uint32Array(order.length)
  let above = sorted.findIndex((value) => value >= median)
  let below = above - 1
  for (let index = 0; index < merged.length; index++) {
    const takesBelow = below >= 0 && (above >= order.length || all[order[below]] <= all[order[above]])
    merged[index] = takesBelow ? order[below--] : order[above++]
  }
  return { chains: folded, sorted: taken(all, merged), order: merged }
}

/** `rankNormalise(splitChains(chains))` */
export function splitNormalScores({ chains, order }: OrderedDraws): Chains {
  const length = chainLength(chains)
  // halves of an odd length leave a draw out, and then have ranks of their own
  if (!order || length % 2 === 1) return rankNormalise(splitChains(chains))
  const scores = scoresInOrder(pooled(chains), order)
  return splitChains(chains.map((_, chain) => scores.subarray(chain * length, (chain + 1) * length)))
}

function taken(values: Float64Array, order: Uint32Array): Float64Array {
  const out = new Float64Array(order.length)
  for (let index = 0; index < out.length; index++) out[index] = values[order[index]]
  return out
}
