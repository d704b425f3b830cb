import type { Draws } from '../../draws/draws.js'

/** Draws (from 0) whose transition diverged, `[chain][]`; empty when the sampler does not say. */
export function divergentDraws(sampler: Draws | undefined, chainCount: number): number[][] {
  const values = sampler?.variables.find(({ name }) => name === 'divergent')?.values
  const drawCount = sampler?.drawCount ?? 0
  return Array.from({ length: chainCount }, (_, chain) =>
    values ? Array.from({ length: drawCount }, (_, draw) => draw).filter((draw) => values[chain * drawCount + draw] > 0) : [],
  )
}
