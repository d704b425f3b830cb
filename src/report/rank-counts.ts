import { pooled } from '../../diagnostics/convergence/primitives/chains.js'

/**
 * How many of each chain's draws are among the `t` lowest of all, `[chain][threshold]`. Of draws that are tied across a threshold every chain
 * has its share, which is what random breaking of ties gives on average.
 */
export function rankCounts(chains: readonly Float64Array[], thresholds: readonly number[]): Float64Array[] {
  const all = pooled(chains)
  const length = chains[0]?.length ?? 0
  const order = Uint32Array.from(all.keys()).sort((a, b) => all[a] - all[b])
  const counts = chains.map(() => new Float64Array(thresholds.length))
  const below = chains.map(() => 0)
  let next = 0
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && all[order[end]] === all[order[start]]) end++
    const tied = chains.map(() => 0)
    for (let index = start; index < end; index++) tied[Math.floor(order[index] / length)]++
    for (; next < thresholds.length && thresholds[next] <= end; next++) {
      const share = (thresholds[next] - start) / (end - start)
      for (let chain = 0; chain < chains.length; chain++) counts[chain][next] = below[chain] + share * tied[chain]
    }
    for (let chain = 0; chain < chains.length; chain++) below[chain] += tied[chain]
    start = end
  }
  return counts
}
