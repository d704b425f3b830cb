import { UsageError } from '../../../src/errors/usage-error.js'

/** Draws of one scalar quantity: `[chain][draw]`, all chains of the same length. */
export type Chains = readonly Float64Array[]

/**
 * Draws per chain.
 * @throws UsageError when the chains differ in length.
 */
export function chainLength(chains: Chains): number {
  const length = chains[0]?.length ?? 0
  const odd = chains.findIndex((chain) => chain.length !== length)
  if (odd !== -1)
    throw new UsageError({
      problem: `chain ${odd + 1} has ${chains[odd].length} draws and chain 1 has ${length}`,
      reason: 'convergence diagnostics compare chains of equal length',
      remedy: 'Cut the chains to the same draws first.',
    })
  return length
}

/** All draws, chain after chain. `[chain * draw]` */
export function pooled(chains: Chains): Float64Array {
  const length = chainLength(chains)
  const all = new Float64Array(length * chains.length)
  chains.forEach((chain, index) => {
    all.set(chain, index * length)
  })
  return all
}

/** All draws in ascending order, NaN last. `[chain * draw]` */
export function sortedDraws(chains: Chains): Float64Array {
  return pooled(chains).sort()
}
