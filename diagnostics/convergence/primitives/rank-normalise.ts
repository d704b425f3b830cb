import { normalQuantile } from '../../../src/numeric/normal-quantile.js'
import { ascendingOrder } from './ascending-order.js'
import { type Chains, chainLength, pooled } from './chains.js'

/**
 * Normal scores of the ranks among all draws, ties given their mean rank:
 * z = Phi^-1((rank - 3/8) / (S + 1/4)) with S draws in all (Vehtari et al. 2021, 10.1214/20-BA1221; the offset 3/8 is Blom's).
 * Infinite draws have ranks like any other. All NaN when one draw is NaN. `[chain][draw]`
 */
export function rankNormalise(chains: Chains): Chains {
  const length = chainLength(chains)
  const scores = normalScores(pooled(chains))
  return chains.map((_, chain) => scores.subarray(chain * length, (chain + 1) * length))
}

function normalScores(values: Float64Array): Float64Array {
  const scores = new Float64Array(values.length)
  if (values.some(Number.isNaN)) return scores.fill(Number.NaN)
  const order = ascendingOrder(values)
  for (let first = 0, next = 0; first < order.length; first = next) {
    while (next < order.length && values[order[next]] === values[order[first]]) next++
    const meanRank = (first + 1 + next) / 2
    const score = normalQuantile((meanRank - 0.375) / (order.length + 0.25))
    for (let tied = first; tied < next; tied++) scores[order[tied]] = score
  }
  return scores
}
