import type { Chains } from './primitives/chains.js'

/** About 45 units in the last place: the rounding of a sum of squares such as the diagonal of a correlation matrix. */
const relativeTolerance = 1e-14

/** Whether the quantity is the same number in every draw of every chain, `[chain][draw]`, up to rounding. False when a draw is not finite. */
export function isConstant(chains: Chains): boolean {
  let smallest = Infinity
  let largest = -Infinity
  for (const chain of chains)
    for (const value of chain) {
      if (!Number.isFinite(value)) return false
      if (value < smallest) smallest = value
      if (value > largest) largest = value
    }
  return largest - smallest <= relativeTolerance * Math.max(Math.abs(smallest), Math.abs(largest))
}
