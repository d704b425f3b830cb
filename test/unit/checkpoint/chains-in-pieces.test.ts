import { describe, expect, it } from 'vitest'
import type { CheckpointEvent } from '../../../src/checkpoint/chain-checkpoints.js'
import type { CheckpointStore } from '../../../src/checkpoint/checkpoint-store.js'
import type { Fit } from '../../../src/contract/analysis.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { toTable } from '../../../src/draws/to-table.js'
import { RunError } from '../../../src/errors/run-error.js'
import { type FitSettings, fit } from '../../../src/fitting/fit.js'
import { model } from '../../../src/language/model.js'
import { drawNormal } from '../../../src/random/normal.js'
import { growingMemory } from '../draws/growing-memory.js'

const data = { y: Float64Array.of(1.2, 0.4, -0.3, 2.1, 0.9) }
const location = model({
  name: 'location',
  parameters: (_: typeof data) => ({ mu: normal(0, 5), sigma: halfNormal(2) }),
  logLikelihood: ({ mu, sigma }, { y }) => normalLogProbability(y, mu, sigma),
  generate: (source, { mu, sigma }) => ({ next: { value: drawNormal(source, mu[0], sigma[0]) } }),
})
const settings: FitSettings = { seed: 3, chains: 2, warmup: 100, draws: 1050, thin: 2, workers: 0 }
/** 100 draws of two parameters and seven numbers of the sampler: eleven pieces a chain, the last half full. */
const pieceBytes = 100 * 9 * 8

interface MemoryStore extends CheckpointStore {
  readonly kept: Map<string, Uint8Array>
  readonly writes: string[]
}
function memoryStore(beforeWrite: (key: string) => void = () => {}): MemoryStore {
  const kept = new Map<string, Uint8Array>()
  const writes: string[] = []
  return {
    kept,
    writes,
    read: async (key) => kept.get(key),
    async write(key, bytes) {
      beforeWrite(key)
      writes.push(key)
      kept.set(key, bytes)
    },
  }
}

/** All numbers of a fit that are not times. */
const numbersOf = ({ draws, sampler, diagnosis, gradientCount, adaptation }: Fit) => [
  toTable(draws),
  toTable(sampler),
  diagnosis,
  gradientCount,
  adaptation,
]
const fitWith = (store: CheckpointStore, changes: Partial<FitSettings> = {}, onEvent?: (event: CheckpointEvent) => void) => {
  const checkpoint = { store, pieceBytes, seconds: 0.001, ...(onEvent && { onEvent }) }
  return fit(location, data, { ...settings, checkpoint, ...changes })
}
const whole = numbersOf(await fit(location, data, settings))

/** Stopped as by a full disk at that piece of chain 2. */
async function stopped(piece: number, workers: FitSettings['workers'] = 0): Promise<MemoryStore> {
  const full = new RunError({ problem: 'the disk is full', remedy: 'Free some space.' })
  const store = memoryStore((key) => {
    if (key === `chain-2-draws-${piece}`) throw full
  })
  await expect(fitWith(store, { workers })).rejects.toBe(full)
  return { ...store, write: memoryStore().write, read: store.read, kept: store.kept }
}
const reopened = ({ kept }: MemoryStore): MemoryStore => {
  const store = memoryStore()
  for (const [key, bytes] of kept) store.kept.set(key, bytes)
  return store
}

describe('chains in pieces', () => {
  it.each([0, 2] as const)(
    'have the draws of chains that are kept whole, each piece written once, on %s workers',
    async (workers) => {
      const store = memoryStore()
      expect(numbersOf(await fitWith(store, { workers }))).toEqual(whole)
      const pieces = store.writes.filter((key) => key.includes('draws'))
      expect(new Set(pieces).size).toBe(pieces.length)
      expect(pieces.length).toBe(20)
    },
  )

  it('are written before the checkpoint that counts on them, which stays small', async () => {
    const store = memoryStore()
    const sizes: number[] = []
    await fitWith(store, { draws: 4000 }, (event) => {
      if (event.event === 'checkpoint-saved' && event.phase === 'sampling') sizes.push(event.bytes)
    })
    expect(Math.max(...sizes)).toBeLessThan(pieceBytes + 4000)
  })

  it.each([0, 2] as const)('go on to the same draws after the disk was full, on %s workers', async (workers) => {
    const store = reopened(await stopped(6, workers))
    const events: CheckpointEvent[] = []
    expect(numbersOf(await fitWith(store, { workers }, (event) => events.push(event)))).toEqual(whole)
    expect(events.filter(({ event }) => event === 'checkpoint-resumed').length).toBeGreaterThan(0)
    expect(store.writes).not.toContain('chain-2-draws-3')
  })

  it('go on from the last whole piece where one is damaged or missing, and say so', async () => {
    const store = reopened(await stopped(6))
    store.kept.get('chain-2-draws-3')![200] ^= 1
    const events: CheckpointEvent[] = []
    expect(numbersOf(await fitWith(store, {}, (event) => events.push(event)))).toEqual(whole)
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'checkpoint-damaged',
        message: expect.stringMatching(/^chain-2-draws-3: .*damaged.*chain 2 .* goes on from transition [45]\d\d of sampling/),
      }),
    )
    expect(store.writes).toContain('chain-2-draws-3')
    expect(store.writes).not.toContain('chain-2-draws-2')
  })

  it('that were damaged after the chains had ended are found when they are gathered, and the next run mends them', async () => {
    const store = memoryStore()
    await fitWith(store)
    store.kept.get('chain-1-draws-4')![200] ^= 1
    expect(numbersOf(await fitWith(store))).toEqual(whole)
    let reads = 0
    const late: CheckpointStore = {
      ...store,
      async read(key) {
        const bytes = await store.read(key)
        return key === 'chain-1-draws-4' && ++reads === 2 ? bytes?.subarray(0, 50) : bytes
      },
    }
    await expect(fitWith(late)).rejects.toThrow(/chain-1-draws-4: draws of model "location" .*checksum.*--resume/s)
  })

  it('and draws that go to disk are those in memory', async () => {
    const opened = new Map<string, ReturnType<typeof growingMemory>>()
    const open = (key: string) => {
      const bytes = growingMemory(key)
      opened.set(key, bytes)
      return bytes
    }
    const made = await fitWith(memoryStore(), { largeDraws: { open, fromBytes: 0 } })
    expect([...opened.keys()].sort()).toEqual(['draws', 'sampler'])
    expect(made.draws.variables.every(({ stored }) => stored !== undefined)).toBe(true)
    expect(numbersOf(made)).toEqual(whole)
  })
})
