import { type Chains, sortedDraws } from './chains.js'
import { sortedMedian } from './sorted-quantile.js'

/** Distance of each draw from the median of all: turns a difference in scale between chains into one in location. `[chain][draw]` */
export function fold(chains: Chains, median = sortedMedian(sortedDraws(chains))): Chains {
  return chains.map((chain) => chain.map((value) => Math.abs(value - median)))
}
