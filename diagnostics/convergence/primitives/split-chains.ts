import { type Chains, chainLength } from './chains.js'

/**
 * Each chain as two: first halves, then second halves, so that a trend within a chain shows as disagreement between chains
 * (Gelman et al. 2013, Bayesian Data Analysis, 3rd edition, section 11.4). The middle draw of an odd length is left out; chains of one
 * draw stay whole. `[2 * chain][floor(draw / 2)]`, views on the input.
 */
export function splitChains(chains: Chains): Chains {
  const length = chainLength(chains)
  if (length < 2) return chains
  const half = length / 2
  return [
    ...chains.map((chain) => chain.subarray(0, Math.floor(half))),
    ...chains.map((chain) => chain.subarray(Math.ceil(half))),
  ]
}
