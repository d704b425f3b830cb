import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors/usage-error.js'
import { type ChainJob, type ChainResult, type ChainSnapshot, type RunningChain, runChain } from '../../../src/inference/chain.js'
import { findInitialPosition } from '../../../src/inference/initial-position.js'
import { type ChainsJob, runChains } from '../../../src/inference/run-chains.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { drawInteger } from '../../../src/random/integer.js'
import { stream } from '../../../src/random/stream.js'
import { altered, funnel } from './targets.js'

const WARMUP = 160
const DRAWS = 60

function jobFor(changes: Partial<ChainJob['settings']> = {}, seed = 1): ChainJob {
  // Divergences, at a wall; a varying tree depth and a step size that has much to learn.
  const logDensity = altered(funnel(5), (value, [v]) => (v < 0 ? Number.NaN : value))
  const streamFor = (purpose: string) => stream(seed, purpose)
  const start = findInitialPosition(streamFor('start'), logDensity, (source) => fillNormal(source, new Float64Array(5)))
  const settings = { warmupCount: WARMUP, drawCount: DRAWS, targetAcceptance: 0.5, maximumTreeDepth: 6, ...changes }
  return { logDensity, start, streamFor, settings }
}

function advance(chain: RunningChain, transitionCount: number): RunningChain {
  for (let i = 0; i < transitionCount; i++) chain.next()
  return chain
}

function finish(chain: RunningChain): ChainResult {
  for (;;) {
    const step = chain.next()
    if (step.done) return step.value
  }
}

/** As after a journey through a file: JSON cannot hold typed arrays, structured clone can. */
const carried = (snapshot: ChainSnapshot) => structuredClone(snapshot)

const uninterrupted = finish(runChain(jobFor()))

describe('a chain that is saved and continued', () => {
  const source = stream(20, 'interruptions')
  const random = Array.from({ length: 12 }, () => drawInteger(source, WARMUP + DRAWS))
  // The early phase ends after 48 transitions, the metric is final after 136; Stan's windows end after 100 and 110.
  const special = [
    0,
    1,
    9,
    10,
    11,
    47,
    48,
    49,
    75,
    100,
    101,
    110,
    111,
    135,
    136,
    137,
    WARMUP - 1,
    WARMUP,
    WARMUP + 1,
    WARMUP + DRAWS,
  ]
  it.each([...new Set([...special, ...random])])('after %d transitions has the bits of one that never stopped', (count) => {
    const snapshot = carried(advance(runChain(jobFor()), count).snapshot())
    expect(finish(runChain(jobFor(), snapshot))).toEqual(uninterrupted)
  })

  it.each([
    { adaptation: 'stan' },
    { adaptation: 'stan', metric: 'dense' },
    { adaptation: 'gradient', metric: 'dense' },
    { adaptation: 'gradient', metric: 'diagonal' },
    { algorithm: 'hmc', trajectoryJitter: 0.5, stepSizeJitter: 0.1 },
    { thin: 3 },
  ] as Partial<ChainJob['settings']>[])('so it is with %o', (changes) => {
    const whole = finish(runChain(jobFor(changes)))
    for (const count of [0, 30, 77, 100, 115, 136, WARMUP, WARMUP + 20]) {
      const snapshot = carried(advance(runChain(jobFor(changes)), count).snapshot())
      expect(finish(runChain(jobFor(changes), snapshot))).toEqual(whole)
    }
  })

  it('is compared on a chain that diverges, and has kept where', () => {
    expect(uninterrupted.divergences.length).toBeGreaterThan(0)
    for (const { draw, position } of uninterrupted.divergences) {
      expect(uninterrupted.sampler.divergent[draw]).toBe(1)
      expect(position).toHaveLength(5)
    }
  })

  it('may be interrupted again and again', () => {
    let snapshot = runChain(jobFor()).snapshot()
    for (let i = 0; i < 11; i++) snapshot = carried(advance(runChain(jobFor(), snapshot), 20).snapshot())
    expect(finish(runChain(jobFor(), snapshot))).toEqual(uninterrupted)
  })

  it('owns its snapshots: the chain goes on without changing them, and they can be used twice', () => {
    const chain = advance(runChain(jobFor()), 130)
    const snapshot = chain.snapshot()
    const copy = carried(snapshot)
    expect(finish(chain)).toEqual(uninterrupted)
    expect(snapshot).toEqual(copy)
    expect(finish(runChain(jobFor(), snapshot))).toEqual(uninterrupted)
    expect(snapshot).toEqual(copy)
    expect(finish(runChain(jobFor(), snapshot))).toEqual(uninterrupted)
  })

  it('that has ended gives more draws, those of a chain that was asked for them from the start', () => {
    const short = runChain(jobFor({ drawCount: 25 }))
    finish(short)
    expect(finish(runChain(jobFor(), short.snapshot()))).toEqual(uninterrupted)
  })

  it('goes on counting transitions, divergences and gradients', () => {
    const chain = advance(runChain(jobFor()), 90)
    const resumed = runChain(jobFor(), chain.snapshot())
    expect(resumed.next()).toEqual(chain.next())
  })

  it('does not go on with the same bits when the state of its stream is lost', () => {
    const snapshot = advance(runChain(jobFor()), 90).snapshot()
    const result = finish(runChain(jobFor(), { ...snapshot, stream: stream(1, 'warmup').state() }))
    expect(result.positions).not.toEqual(uninterrupted.positions)
  })

  it.each([
    ['another warmup', { warmupCount: 100 }, /started with warmupCount 160, not 100/],
    ['another metric', { metric: 'diagonal' }, /started with metric automatic, not diagonal/],
    ['another algorithm', { algorithm: 'hmc' }, /started with algorithm nuts, not hmc/],
    ['fewer draws than it has', { drawCount: 10 }, /already has 20 draws, more than 10/],
  ] as [string, Partial<ChainJob['settings']>, RegExp][])('is refused for a job with %s', (_, changes, message) => {
    const snapshot = advance(runChain(jobFor()), WARMUP + 20).snapshot()
    expect(() => runChain(jobFor(changes), snapshot)).toThrow(UsageError)
    expect(() => runChain(jobFor(changes), snapshot)).toThrow(message)
  })
})

/** What no two runs have in common. */
const noTime = { seconds: 0, chainSeconds: [] }

describe('runChains', () => {
  const { logDensity, settings } = jobFor()
  const chainsJob: ChainsJob = {
    logDensity,
    propose: (source) => fillNormal(source, new Float64Array(5)),
    streamFor: (purpose, chain) => stream(1, purpose, chain),
    settings: { ...settings, chainCount: 2 },
  }

  it('gives a snapshot of each chain at its end, from which nothing needs to be computed again', async () => {
    const saved: ChainSnapshot[] = []
    const first = await runChains({ ...chainsJob, onSnapshot: (chain, snapshot) => (saved[chain] = snapshot) })
    let calls = 0
    const counted = altered(logDensity, (value) => {
      calls++
      return value
    })
    const second = await runChains({ ...chainsJob, logDensity: counted, savedChain: (chain) => saved[chain] })
    expect({ ...second, ...noTime }).toEqual({ ...first, ...noTime })
    expect(calls).toBe(0)
  })

  it('adds its seconds to those of earlier sittings, of all chains and of each in each phase', async () => {
    const saved: ChainSnapshot[] = []
    const start = performance.now()
    const first = await runChains({ ...chainsJob, onSnapshot: (chain, snapshot) => (saved[chain] = snapshot) })
    const wall = (performance.now() - start) / 1000
    for (const { seconds } of [first]) expect(seconds > 0 && seconds <= wall).toBe(true)
    const inChains = first.chainSeconds.reduce((sum, { warmup, sampling }) => sum + warmup + sampling, 0)
    expect(inChains).toBeLessThanOrEqual(first.seconds)
    expect(Math.min(...first.chainSeconds.map(({ warmup, sampling }) => Math.min(warmup, sampling)))).toBeGreaterThan(0)
    expect(saved[1].fitSeconds).toBeLessThanOrEqual(first.seconds)
    const earlier = saved.map((snapshot, chain) => ({
      ...snapshot,
      fitSeconds: 1000 + chain,
      seconds: { warmup: 300, sampling: 200 },
    }))
    const again = performance.now()
    const second = await runChains({ ...chainsJob, savedChain: (chain) => earlier[chain] })
    const sitting = (performance.now() - again) / 1000
    expect(second.seconds >= 1001 && second.seconds <= 1001 + sitting).toBe(true)
    for (const { warmup, sampling } of second.chainSeconds) {
      expect(warmup).toBe(300)
      expect(sampling >= 200 && sampling <= 200 + sitting).toBe(true)
    }
  })

  it('hands a saved chain, and the wish for snapshots, to whoever runs chains elsewhere', async () => {
    const full = await runChains(chainsJob)
    const streamFor = (purpose: string) => stream(1, purpose, 1)
    const start = findInitialPosition(streamFor('initial-position'), logDensity, (source) => chainsJob.propose(source, 1))
    const saved = advance(runChain({ logDensity, start, streamFor, settings }), 77).snapshot()
    const received: number[] = []
    const resumed = await runChains({
      ...chainsJob,
      savedChain: (chain) => (chain === 1 ? saved : undefined),
      onSnapshot: (chain) => received.push(chain),
      runElsewhere: async (chain, from, hooks, snapshot) => {
        const job = { logDensity, start: from, streamFor: (purpose: string) => stream(1, purpose, chain), settings }
        const running = runChain(job, snapshot)
        const result = finish(running)
        hooks.onSnapshot?.(running.snapshot())
        return result
      },
    })
    expect({ ...resumed, ...noTime }).toEqual({ ...full, ...noTime })
    expect(received).toEqual([0, 1])
  })
})
