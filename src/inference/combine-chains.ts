import type { Draws } from '../draws/draws.js'
import { type ChainResult, type Divergence, samplerVariables } from './chain.js'
import type { PhaseSeconds } from './chain-snapshot.js'
import type { TunedSettings } from './transition.js'

export interface ChainsResult {
  /** `[chain, draw, dimension]` */
  readonly positions: Float64Array
  /** Scalars `log_density`, `acceptance`, `step_size`, `tree_depth`, `leapfrog_count`, `divergent` (0 or 1), `energy`. */
  readonly sampler: Draws
  /** One per chain. */
  readonly adaptation: readonly TunedSettings[]
  /** Per chain, the first 200 divergences after warmup. */
  readonly divergences: readonly (readonly Divergence[])[]
  /** Gradient evaluations of all chains, warmup and initialisation included. */
  readonly gradientCount: number
  /** Of each chain alone. */
  readonly chainSeconds: readonly PhaseSeconds[]
  /** From the beginning of the first chain to the end of the last, summed over sittings as far as they were saved. */
  readonly seconds: number
}

export function combineChains(chains: readonly ChainResult[], drawCount: number): Omit<ChainsResult, 'seconds' | 'chainSeconds'> {
  const variables = samplerVariables.map((name) => ({
    name,
    dimensions: [],
    values: concatenate(chains.map((chain) => chain.sampler[name])),
  }))
  return {
    positions: concatenate(chains.map((chain) => chain.positions)),
    sampler: { chainCount: chains.length, drawCount, variables },
    adaptation: chains.map((chain) => chain.adaptation),
    divergences: chains.map((chain) => chain.divergences),
    gradientCount: chains.reduce((sum, chain) => sum + chain.gradientCount, 0),
  }
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
