import type { Draws } from '../../../src/draws/draws.js'
import { simulatedChains } from './simulated-chains.js'

/** Draws with one scalar variable per entry, `[chain][draw]` each. */
export function scalarDraws(scalars: Readonly<Record<string, readonly Float64Array[]>>): Draws {
  const [first = []] = Object.values(scalars)
  return {
    chainCount: first.length,
    drawCount: first[0]?.length ?? 0,
    variables: Object.entries(scalars).map(([name, chains]) => ({
      name,
      dimensions: [],
      values: Float64Array.from(chains.flatMap((chain) => [...chain])),
    })),
  }
}

/** Sampler scalars of a run without trouble. */
export function quietSampler(
  chainCount: number,
  drawCount: number,
  changed: Readonly<Record<string, readonly Float64Array[]>> = {},
): Draws {
  const same = (value: number) => Array.from({ length: chainCount }, () => new Float64Array(drawCount).fill(value))
  return scalarDraws({
    log_density: simulatedChains('log density', chainCount, drawCount),
    acceptance: same(0.8),
    step_size: same(0.5),
    tree_depth: same(3),
    leapfrog_count: same(7),
    divergent: same(0),
    energy: simulatedChains('energy', chainCount, drawCount),
    ...changed,
  })
}
