import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { type ChainResult, type ChainSnapshot, runChain } from '../../../src/inference/chain.js'
import { type ChainSettings, type ChainsJob, runChains } from '../../../src/inference/run-chains.js'
import { type WorkLeft, workMeter } from '../../../src/inference/work-left.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'
import { altered, funnel } from './targets.js'

const settings: ChainSettings = { chainCount: 3, warmupCount: 120, drawCount: 80, targetAcceptance: 0.8, maximumTreeDepth: 6 }
const busy = (milliseconds: number) => {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}
/** Some 0.04 ms for each gradient, so that there is time to move. */
const slow = altered(funnel(4), (value) => {
  busy(0.04)
  return value
})

function jobFor(logDensity: LogDensity, changes: Partial<ChainsJob> = {}): ChainsJob {
  return {
    logDensity,
    propose: (source) => fillNormal(source, new Float64Array(4)),
    streamFor: (purpose, chain) => stream(1, purpose, chain),
    settings,
    ...changes,
  }
}

/** Runs chains in this thread as another thread would: from a copy of what it is sent. */
function elsewhere(logDensity: LogDensity) {
  const sent: { chain: number; saved: ChainSnapshot | undefined }[] = []
  const runElsewhere: ChainsJob['runElsewhere'] = async (chain, start, hooks, saved) => {
    sent.push({ chain, saved })
    hooks.onBegin()
    const streamFor = (purpose: string) => stream(1, purpose, chain)
    const running = runChain({ logDensity, start: structuredClone(start), streamFor, settings }, structuredClone(saved))
    for (;;) {
      const step: IteratorResult<unknown, ChainResult> = running.next()
      if (step.done) return step.value
    }
  }
  return { sent, runElsewhere }
}

const withoutTime = <Result extends object>(result: Result) => ({ ...result, seconds: 0, chainSeconds: [] })

describe('chains that begin in this thread', () => {
  const expected = runChains(jobFor(slow)).then(withoutTime)

  it('move when it is worth it, the running one in the middle of its work, and have the same draws', async () => {
    for (const estimate of [1, 2]) {
      const { sent, runElsewhere } = elsewhere(slow)
      let asked = 0
      const isWorthMoving = () => ++asked === estimate
      expect(withoutTime(await runChains(jobFor(slow, { runElsewhere, isWorthMoving })))).toEqual(await expected)
      expect(sent.length).toBeGreaterThan(0)
      expect(sent.at(-1)).toEqual({ chain: 2, saved: undefined })
      const [{ saved }] = sent
      expect(saved!.iteration + (saved!.phase === 'sampling' ? settings.warmupCount : 0)).toBeGreaterThan(0)
    }
  })

  it('stay when it is not, and are asked with estimates that shrink to nothing', async () => {
    const { sent, runElsewhere } = elsewhere(slow)
    const estimates: WorkLeft[] = []
    const isWorthMoving = (left: WorkLeft) => {
      estimates.push(left)
      return false
    }
    expect(withoutTime(await runChains(jobFor(slow, { runElsewhere, isWorthMoving })))).toEqual(await expected)
    expect(sent).toEqual([])
    expect(estimates[0]).toMatchObject({ chainCount: 3 })
    expect(estimates.at(-1)).toMatchObject({ chainCount: 1 })
    expect(estimates.at(-1)!.milliseconds).toBeLessThan(estimates[0].milliseconds)
  })

  it('are saved before they move', async () => {
    const { sent, runElsewhere } = elsewhere(slow)
    const saved: { chain: number; snapshot: ChainSnapshot }[] = []
    const onSnapshot = (chain: number, snapshot: ChainSnapshot) => void saved.push({ chain, snapshot })
    await runChains(jobFor(slow, { runElsewhere, isWorthMoving: () => true, onSnapshot, snapshotMilliseconds: 10 ** 6 }))
    const [{ snapshot, ...where }] = saved
    const { seconds: _, fitSeconds: __, ...chain } = snapshot
    expect({ ...where, snapshot: chain }).toEqual({ chain: sent[0].chain, snapshot: sent[0].saved })
    expect(saved).toHaveLength(1)
  })
})

describe('workMeter', () => {
  it('multiplies what is left by the time of the latest transitions, and counts the chains that have not ended', () => {
    const meter = workMeter([15, 20])
    const estimates = Array.from({ length: 35 }, () => {
      busy(6)
      return meter.count()
    })
    const [index] = estimates.flatMap((left, at) => (left ? [at] : []))
    // Twice 25 ms are over after 10 transitions of 6 ms, or earlier when the processor is shared.
    expect(index).toBeGreaterThan(0)
    expect(index).toBeLessThanOrEqual(9)
    const first = estimates[index]!
    expect(first.chainCount).toBe(2)
    expect(first.millisecondsPerTransition).toBeGreaterThanOrEqual(6)
    expect(first.milliseconds).toBeCloseTo((35 - index - 1) * first.millisecondsPerTransition)
    const last = estimates.filter((left) => left !== undefined).at(-1)!
    expect(last.chainCount).toBe(1)
    expect(last.milliseconds).toBeGreaterThan(0)
  })

  it('has nothing to say after the last transition, however long that took', () => {
    const meter = workMeter([3])
    busy(30)
    expect(meter.count()).toBeUndefined() // the first is never told
    busy(30)
    expect(meter.count()).toMatchObject({ chainCount: 1 })
    busy(30)
    expect(meter.count()).toBeUndefined()
  })
})
