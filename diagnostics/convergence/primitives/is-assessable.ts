import type { Chains } from './chains.js'

/**
 * Whether moment-based diagnostics are defined: every draw finite and not all equal.
 *
 * Equal means a range below 2^-52, the absolute tolerance of R package posterior (1.7.1), which these diagnostics reproduce.
 */
export function isAssessable(chains: Chains): boolean {
  let smallest = Infinity
  let largest = -Infinity
  for (const chain of chains)
    for (const value of chain) {
      if (!Number.isFinite(value)) return false
      if (value < smallest) smallest = value
      if (value > largest) largest = value
    }
  return largest - smallest >= Number.EPSILON
}
