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
  if (values.some(Number.isNaN)) return new Float64Array(values.length).fill(Number.NaN)
  return scoresInOrder(values, ascendingOrder(values))
}

/** The same where the positions of the values from smallest to largest are known. */
export function scoresInOrder(values: Float64Array, order: Uint32Array): Float64Array {
  const scores = new Float64Array(values.length)
  const untied = untiedScores(order.length)
  for (let first = 0, next = 0; first < order.length; first = next) {
    while (next < order.length && values[order[next]] === values[order[first]]) next++
    const score = next === first + 1 ? untied[first] : scoreOf((first + 1 + next) / 2, order.length)
    for (let tied = first; tied < next; tied++) scores[order[tied]] = score
  }
  return scores
}

const scoreOf = (rank: number, count: number) => normalQuantile((rank - 0.375) / (count + 0.25))

let latest = new Float64Array(0)

/** Scores of the ranks from 1 to `count`, kept for the next quantity with as many draws. */
function untiedScores(count: number): Float64Array {
  if (latest.length !== count) latest = Float64Array.from({ length: count }, (_, index) => scoreOf(index + 1, count))
  return latest
}
