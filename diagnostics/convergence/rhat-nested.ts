import { groups } from 'd3-array'
import { type Chains, chainLength, pooled } from './primitives/chains.js'
import { isAssessable } from './primitives/is-assessable.js'
import { mean, variance } from './primitives/moments.js'

/**
 * Nested R-hat of `[chain][draw]` for many short chains, where the chains of one superchain started from the same point:
 * sqrt(1 + B / W) with B the variance of the superchain means and W the mean over superchains of the variance between and within their
 * chains (Margossian et al. 2024, 10.1214/24-BA1453, equations 4 to 8). `superchains` holds the superchain of every chain, `[chain]`.
 *
 * NaN for a draw that is not finite, constant draws, a single superchain, superchains of unequal size, or labels that do not match the chains.
 * @throws UsageError when the chains differ in length.
 */
export function rhatNested(chains: Chains, superchains: readonly (number | string)[]): number {
  const length = chainLength(chains)
  if (superchains.length !== chains.length || !isAssessable(chains)) return Number.NaN
  const members = groups(chains, (_, chain) => superchains[chain]).map(([, group]) => group)
  if (members.some((group) => group.length !== members[0].length)) return Number.NaN
  const between = variance(members.map((group) => mean(pooled(group))))
  const within = mean(
    members.map((group) => {
      const betweenChains = group.length === 1 ? 0 : variance(group.map(mean))
      const withinChains = length === 1 ? 0 : mean(group.map(variance))
      return betweenChains + withinChains
    }),
  )
  return Math.sqrt(1 + between / within)
}
