import { describe, expect, it } from 'vitest'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import type { ChainPool } from '../../../src/fitting/chain-pool.js'
import { fitOn } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import { runHere } from './tasks.js'

const data = { y: Float64Array.of(1.2, 0.4, -0.3, 2.1, 0.9) }
const conditioned = condition(
  model({
    name: 'location',
    parameters: (_: typeof data) => ({ mu: normal(0, 5), sigma: halfNormal(2) }),
    logLikelihood: ({ mu, sigma }, { y }) => normalLogProbability(y, mu, sigma),
  }),
  data,
)
/** Without the way past `valueAndGradient`. */
const { join: _, ...plain } = conditioned.logDensity
/** The same, so slow that a chain of 200 transitions takes half a second. */
const slow = {
  ...conditioned,
  logDensity: {
    ...plain,
    valueAndGradient: (position: Float64Array, gradient: Float64Array) => {
      for (const end = performance.now() + 0.25; performance.now() < end; );
      return conditioned.logDensity.valueAndGradient(position, gradient)
    },
  },
}
const settings = { seed: 3, chains: 2, warmup: 100, draws: 100 }

/** A pool that runs chains in this thread and remembers which. */
function poolOf(workerCount: number, isWanted = false) {
  const chains: number[] = []
  const pool: ChainPool = {
    workerCount,
    isWanted,
    signal: new AbortController().signal,
    run: async (task) => {
      chains.push(task.chain)
      return runHere(task)
    },
  }
  return { pool, chains }
}
const muOf = async (...parts: Parameters<typeof fitOn>) => (await fitOn(...parts)).draws.variables[0].values

describe('a fit on a pool that starts threads when it pays', () => {
  it('that is over in a moment stays in this thread', async () => {
    const { pool, chains } = poolOf(2)
    // One transition is left when the first is over: it would have to take 250 ms.
    await muOf(pool, conditioned, { ...settings, warmup: 0, draws: 1 })
    expect(chains).toEqual([])
  })
  it('that takes long goes there in the middle of its first chain, with the same draws', async () => {
    const here = await muOf(undefined, conditioned, settings)
    const { pool, chains } = poolOf(2)
    expect(await muOf(pool, slow, settings)).toEqual(here)
    expect(chains).toEqual([0, 1])
  })
  it('goes there at once when the threads are there', async () => {
    const { pool, chains } = poolOf(2, true)
    await muOf(pool, conditioned, { ...settings, warmup: 5, draws: 5 })
    expect(chains).toEqual([0, 1])
  })
  it('stays with one processor, and with one chain that nothing follows', async () => {
    const one = poolOf(1)
    await muOf(one.pool, slow, settings)
    const alone = poolOf(2)
    await muOf(alone.pool, slow, { ...settings, chains: 1 })
    expect([...one.chains, ...alone.chains]).toEqual([])
  })
  it('goes there when the fits that follow make it worth it', async () => {
    const { pool, chains } = poolOf(2)
    await muOf(pool, slow, { ...settings, chains: 1, fitsAhead: 5 })
    expect(chains).toEqual([0])
  })
})
