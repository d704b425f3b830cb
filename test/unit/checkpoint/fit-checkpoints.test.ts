import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CheckpointEvent } from '../../../src/checkpoint/chain-checkpoints.js'
import { encodeCheckpoint } from '../../../src/checkpoint/checkpoint-bytes.js'
import type { CheckpointStore } from '../../../src/checkpoint/checkpoint-store.js'
import type { Fit } from '../../../src/contract/analysis.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { RunError } from '../../../src/errors/run-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { type FitSettings, fit } from '../../../src/fitting/fit.js'
import { model } from '../../../src/language/model.js'
import { drawInteger } from '../../../src/random/integer.js'
import { stream } from '../../../src/random/stream.js'

const data = { y: Float64Array.of(1.2, 0.4, -0.3, 2.1, 0.9) }
const location = model({
  name: 'location',
  parameters: (_: typeof data) => ({ mu: normal(0, 5), sigma: halfNormal(2) }),
  logLikelihood: ({ mu, sigma }, { y }) => normalLogProbability(y, mu, sigma),
})
const settings: FitSettings = { seed: 3, chains: 2, warmup: 150, draws: 1500, study: 'ACT-1', workers: 0 }
/** Long enough to be interrupted in the middle and to be worth moving to workers: some 80 000 transitions. */
const long = { ...settings, draws: 40_000 }

/** All that does not depend on the time it took, with hashes of the numbers. */
function lasting({ seconds: _, chainSeconds: __, draws, sampler, diagnosis, ...rest }: Fit) {
  const hash = createHash('sha256').update(JSON.stringify(diagnosis))
  for (const { name, values } of [...draws.variables, ...sampler.variables]) hash.update(name).update(values)
  return { ...rest, hash: hash.digest('hex') }
}

type MemoryStore = CheckpointStore & { readonly kept: Map<string, Uint8Array> }
function memoryStore(): MemoryStore {
  const kept = new Map<string, Uint8Array>()
  return { kept, read: async (key) => kept.get(key), write: async (key, bytes) => void kept.set(key, bytes) }
}

const failureOf = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail('it should have failed'),
    (error) => error,
  )

/** Aborts a fit in the thread of its listener at that report of progress; what is saved then is all that is saved. */
async function interrupt(store: CheckpointStore, report = 1, changes: Partial<FitSettings> = {}): Promise<void> {
  const controller = new AbortController()
  const reason = new Error('enough')
  let left = report
  const onProgress = () => {
    if (--left === 0) controller.abort(reason)
  }
  const used = { ...settings, ...changes, checkpoint: { store, seconds: 3600 }, onProgress, signal: controller.signal }
  expect(await failureOf(fit(location, data, used))).toBe(reason)
}

async function resume(store: CheckpointStore, changes: Partial<FitSettings> = {}) {
  const events: CheckpointEvent[] = []
  const checkpoint = { store, onEvent: (event: CheckpointEvent) => events.push(event) }
  return { fit: lasting(await fit(location, data, { ...settings, ...changes, checkpoint })), events }
}

const wholeFit = await fit(location, data, settings)
const whole = lasting(wholeFit)
const longWhole = lasting(await fit(location, data, long))

describe('a fit with checkpoints', () => {
  it('has the same draws as one without', async () => {
    const store = memoryStore()
    expect((await resume(store)).fit).toEqual(whole)
    expect([...store.kept.keys()].every((key) => /^chain-[12]-[ab]$/.test(key))).toBe(true)
  })

  it.each([0, 1, 2, 'auto'] as const)(
    'that is aborted at random moments goes on to the same fit, on %s workers',
    async (workers) => {
      const moments = stream(7, 'moments', workers)
      const store = memoryStore()
      for (let round = 0; round < 3; round++) await interrupt(store, 1 + drawInteger(moments, 2), { ...long, workers })
      const again = await resume(store, { ...long, workers })
      expect(again.events.filter(({ event }) => event === 'checkpoint-resumed').length).toBeGreaterThan(0)
      expect(again.fit).toEqual(longWhole)
    },
  )

  it('saves again and again as time passes, at the end of a chain, and never twice the same', async () => {
    const events: CheckpointEvent[] = []
    const checkpoint = { store: memoryStore(), seconds: 0.02, onEvent: (event: CheckpointEvent) => events.push(event) }
    expect(lasting(await fit(location, data, { ...long, workers: 2, checkpoint }))).toEqual(longWhole)
    const transitions = [0, 1].map((chain) =>
      events.flatMap((event) => (event.event === 'checkpoint-saved' && event.chain === chain ? [event.transitions] : [])),
    )
    for (const counts of transitions) {
      expect(counts.length).toBeGreaterThan(1)
      expect(counts.at(-1)).toBe(40_150)
      for (let index = 1; index < counts.length; index++) expect(counts[index]).toBeGreaterThan(counts[index - 1])
    }
  })

  it('computes nothing again when all chains had ended, and gives more draws when asked for more', async () => {
    const store = memoryStore()
    await resume(store, { draws: 40 })
    const { events } = await resume(store, { draws: 40 })
    expect(events.map(({ event }) => event)).toEqual(['checkpoint-resumed', 'checkpoint-resumed'])
    expect((await resume(store)).fit).toEqual(whole)
  })
})

describe('a checkpoint', () => {
  const saved = async () => {
    const store = memoryStore()
    await interrupt(store)
    await interrupt(store)
    expect([...store.kept.keys()]).toEqual(expect.arrayContaining(['chain-1-a', 'chain-1-b']))
    return store
  }
  const damage: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ['cut short', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['with a flipped bit', (bytes) => bytes.map((byte, index) => (index === bytes.length - 40 ? byte ^ 4 : byte))],
    ['emptied', () => new Uint8Array(0)],
  ]
  it.each(damage)('%s is named and not used: the one before it is, and then nothing', async (_, change) => {
    const store = await saved()
    for (const [damagedCount, consequence] of [
      [1, /goes on from transition \d+ of (warmup|sampling), where it was last saved whole$/],
      [2, /starts anew$/],
    ] as const) {
      const key = `chain-1-${'ab'[damagedCount - 1]}`
      store.kept.set(key, change(store.kept.get(key)!))
      const again = await resume({ ...store, write: async () => {} })
      const damaged = again.events.filter((event) => event.event === 'checkpoint-damaged')
      expect(damaged).toHaveLength(damagedCount)
      for (const { message } of damaged) {
        expect(message).toMatch(/^chain-1-[ab]: this checkpoint is damaged \(.*\) and is not used; chain 1 of trial "ACT-1"/)
        expect(message).toMatch(consequence)
      }
      expect(again.fit).toEqual(whole)
    }
  })

  it.each([
    ['seed', { seed: 4 }, /made with seed 3, and this is seed 4/],
    ['warmup', { warmup: 160 }, /made with warmup 150, and this is warmup 160/],
    ['target acceptance', { targetAcceptance: 0.9 }, /made with targetAcceptance 0.8/],
    ['thinning', { thin: 2 }, /made with thin 1, and this is thin 2/],
    ['study', { study: 'ACT-2' }, /made with study ACT-1/],
  ] as [string, Partial<FitSettings>, RegExp][])(
    'of another %s is refused, named, and left as it is',
    async (_, changes, message) => {
      const store = await saved()
      const before = new Map(store.kept)
      const failure = await failureOf(resume(store, changes))
      expect(failure).toBeInstanceOf(UsageError)
      expect(failure.message).toMatch(/^chain-1-[ab]: this checkpoint does not belong to this run of trial/)
      expect(failure.message).toMatch(message)
      expect(store.kept).toEqual(before)
    },
  )

  it('of other data is refused although nobody gave a hash of them, even when they differ in the last bit', async () => {
    const store = await saved()
    const other = { y: data.y.map((value) => value * (1 + Number.EPSILON)) }
    const failure = await failureOf(fit(location, other, { ...settings, checkpoint: { store } }))
    expect(failure).toBeInstanceOf(UsageError)
    expect(failure.message).toMatch(/the log density where it stands was .* and is .*: the data or the model differ/)
  })

  it('of another version is refused', async () => {
    const store = memoryStore()
    store.kept.set('chain-1-a', encodeCheckpoint({ identity: { poolite: '0.0.1' }, sequence: 2, data: {} }))
    expect((await failureOf(resume(store))).message).toMatch(/made with poolite 0\.0\.1, and this is poolite \d/)
  })
})

describe('a store that fails', () => {
  it.each([0, 2])('ends the fit with its error, on %i workers, and what was saved before serves', async (workers) => {
    const store = memoryStore()
    const full = new RunError({
      file: 'chain-1-a',
      problem: 'it cannot be written',
      reason: 'the disk is full',
      remedy: 'Free some.',
    })
    let left = 2
    const filling: CheckpointStore = {
      read: store.read,
      write: async (key, bytes) => {
        if (--left < 0) throw full
        return store.write(key, bytes)
      },
    }
    const failing = fit(location, data, { ...settings, ...long, workers, checkpoint: { store: filling, seconds: 0.01 } })
    expect(await failureOf(failing)).toBe(full)
    expect((await resume(store, long)).fit).toEqual(longWhole)
  })
})

describe('thin', () => {
  it('keeps every k-th draw of the chain that is not thinned, and no trouble is thinned away', async () => {
    const thinned = await fit(location, data, { ...settings, draws: 500, thin: 3 })
    const values = (one: Fit, name: string, where: 'draws' | 'sampler') =>
      one[where].variables.find((variable) => variable.name === name)!.values
    const expected = values(wholeFit, 'mu', 'draws').filter((_, index) => index % 3 === 2)
    expect(values(thinned, 'mu', 'draws')).toEqual(expected)
    const groups = (name: string) =>
      Array.from({ length: 1000 }, (_, draw) => values(wholeFit, name, 'sampler').subarray(3 * draw, 3 * draw + 3))
    expect([...values(thinned, 'divergent', 'sampler')]).toEqual(groups('divergent').map((flags) => Math.max(...flags)))
    expect([...values(thinned, 'tree_depth', 'sampler')]).toEqual(groups('tree_depth').map((depths) => Math.max(...depths)))
    expect([...values(thinned, 'leapfrog_count', 'sampler')]).toEqual(
      groups('leapfrog_count').map((counts) => counts.reduce((sum, count) => sum + count, 0)),
    )
    expect(thinned.gradientCount).toBe(wholeFit.gradientCount)
    expect(thinned.settings.thin).toBe(3)
  })
})
