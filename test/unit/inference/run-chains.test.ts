import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { variable } from '../../../src/draws/variable.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { type ChainProgress, type ChainSettings, runChains } from '../../../src/inference/run-chains.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'
import { altered, funnel, independentNormal, standardNormal } from './targets.js'

const settings: ChainSettings = { chainCount: 2, warmupCount: 150, drawCount: 50, targetAcceptance: 0.8, maximumTreeDepth: 8 }

const jobFor = (logDensity: LogDensity, changes: Partial<ChainSettings> = {}, seed = 1) => ({
  logDensity,
  propose: (source: { uniform(): number }) => fillNormal(source, new Float64Array(logDensity.dimension)),
  streamFor: (purpose: string, chain: number) => stream(seed, purpose, chain),
  settings: { ...settings, ...changes },
})

describe('runChains', () => {
  it('gives positions [chain, draw, dimension] and the scalars of the sampler for every draw', async () => {
    const result = await runChains(jobFor(standardNormal(3)))
    expect(result.positions).toHaveLength(2 * 50 * 3)
    expect(result.sampler).toMatchObject({ chainCount: 2, drawCount: 50 })
    expect(result.sampler.variables.map(({ name, dimensions, values }) => [name, dimensions.length, values.length])).toEqual(
      ['log_density', 'acceptance', 'step_size', 'tree_depth', 'leapfrog_count', 'divergent', 'energy'].map((name) => [
        name,
        0,
        100,
      ]),
    )
    expect(result.adaptation).toHaveLength(2)
    const logDensities = variable(result.sampler, 'log_density').values
    for (let draw = 0; draw < 100; draw++) {
      const position = result.positions.subarray(3 * draw, 3 * draw + 3)
      expect(logDensities[draw]).toBe(standardNormal(3).valueAndGradient(position, new Float64Array(3)))
    }
    const stepSizes = variable(result.sampler, 'step_size').values
    for (let draw = 0; draw < 100; draw++) expect(stepSizes[draw]).toBe(result.adaptation[Math.floor(draw / 50)].stepSize)
    const energies = variable(result.sampler, 'energy').values
    for (let draw = 0; draw < 100; draw++) expect(energies[draw]).toBeGreaterThan(-logDensities[draw])
  })

  it('counts every gradient evaluation', async () => {
    let calls = 0
    const counted = altered(standardNormal(3), (value) => {
      calls++
      return value
    })
    expect((await runChains(jobFor(counted))).gradientCount).toBe(calls)
  })

  it('gives the same numbers for the same seed and others for another', async () => {
    const [first, second, third] = await Promise.all([1, 1, 2].map((seed) => runChains(jobFor(funnel(4), {}, seed))))
    expect(second.positions).toEqual(first.positions)
    expect(second.sampler).toEqual(first.sampler)
    expect(third.positions[0]).not.toBe(first.positions[0])
  })

  it('gives chain 0 the same draws whether 1 or 4 chains run, and all chains different ones', async () => {
    const one = await runChains(jobFor(funnel(4), { chainCount: 1 }))
    const four = await runChains(jobFor(funnel(4), { chainCount: 4 }))
    expect(four.positions.subarray(0, one.positions.length)).toEqual(one.positions)
    const firstDraws = [0, 1, 2, 3].map((chain) => four.positions[chain * one.positions.length])
    expect(new Set(firstDraws).size).toBe(4)
  })

  it('rejects with the reason of the signal, before it starts and between transitions', async () => {
    const reason = new Error('enough')
    await expect(runChains({ ...jobFor(standardNormal(2)), signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 10)
    const long = { ...jobFor(standardNormal(2), { drawCount: 1_000_000, chainCount: 1 }), signal: controller.signal }
    await expect(runChains(long)).rejects.toBe(reason)
  })

  it('reports progress through both phases of every chain and lets timers run', async () => {
    const slow = altered(standardNormal(2), (value) => {
      for (const end = performance.now() + 0.2; performance.now() < end; );
      return value
    })
    const reports: ChainProgress[] = []
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await runChains({ ...jobFor(slow, { drawCount: 30 }), onProgress: (progress) => reports.push(progress) })
    clearInterval(timer)
    const ends = reports
      .filter(({ iteration, total }) => iteration === total)
      .map(({ chain, phase, total }) => [chain, phase, total])
    expect(ends).toEqual(
      [0, 1].flatMap((chain) => [
        [chain, 'warmup', 150],
        [chain, 'sampling', 30],
      ]),
    )
    expect(reports.map(({ secondsElapsed }) => secondsElapsed)).toEqual(
      reports.map(({ secondsElapsed }) => secondsElapsed).sort((a, b) => a - b),
    )
    expect(ticks).toBeGreaterThan(0)
  })

  it('climbs to where the density is high before the first transition, when asked to, and counts that', async () => {
    const far = { ...jobFor(independentNormal([3000, -50], [2, 5])), propose: () => Float64Array.of(0, 0) }
    const firstDraw = async (climb: boolean) => {
      const once = { chainCount: 1, warmupCount: 0, drawCount: 1, maximumTreeDepth: 2, climb }
      const { positions, gradientCount } = await runChains({ ...far, settings: { ...far.settings, ...once } })
      return { distance: Math.abs(positions[0] - 3000) / 2, gradientCount }
    }
    const [climbed, not] = [await firstDraw(true), await firstDraw(false)]
    expect(climbed.distance).toBeLessThan(5)
    expect(not.distance).toBeGreaterThan(5)
    expect(climbed.gradientCount).toBeGreaterThan(not.gradientCount)
  })

  it('ends and shows it when every transition diverges', async () => {
    const starts = new Set<number>()
    const target = altered(standardNormal(2), (value, [x]) => {
      if (starts.size < 2) starts.add(x)
      return starts.has(x) ? value : Number.NaN
    })
    const result = await runChains(jobFor(target, { chainCount: 1, warmupCount: 0, drawCount: 20 }))
    expect([...variable(result.sampler, 'divergent').values]).toEqual(new Array(20).fill(1))
    expect(new Set(result.positions).size).toBe(2)
  })

  it('ends and shows it when the step size collapses', async () => {
    let noise = 0
    const rough = altered(standardNormal(2), (value, position) => {
      noise = (Math.abs(position[0] * 1e9 + position[1] * 7e8) % 1) * 1e6
      return value - noise
    })
    const result = await runChains(jobFor(rough, { chainCount: 1, warmupCount: 100, drawCount: 20 }))
    const isStuck = Math.max(...variable(result.sampler, 'step_size').values) < 1e-6
    const isDivergent = variable(result.sampler, 'divergent').values.some((flag) => flag === 1)
    expect(isStuck || isDivergent).toBe(true)
  })

  it('shows the divergences of a funnel in the draws and, counted by phase, in the progress', async () => {
    const reports: ChainProgress[] = []
    const changes = { chainCount: 4, warmupCount: 300, drawCount: 2000 }
    const result = await runChains({ ...jobFor(funnel(10), changes), onProgress: (progress) => reports.push(progress) })
    const flags = variable(result.sampler, 'divergent').values
    const count = (values: Float64Array) => values.reduce((sum, flag) => sum + flag, 0)
    expect(count(flags)).toBeGreaterThan(0)
    const final = reports.filter(({ phase, iteration }) => phase === 'sampling' && iteration === 2000)
    expect(final.map(({ divergences }) => divergences)).toEqual(
      [0, 1, 2, 3].map((chain) => count(flags.subarray(2000 * chain, 2000 * chain + 2000))),
    )
    const warmup = reports.filter(({ phase, iteration }) => phase === 'warmup' && iteration === 300)
    expect(Math.max(...warmup.map(({ divergences }) => divergences))).toBeGreaterThan(0)
  })

  it.each([
    [{ chainCount: 0 }, /chainCount is 0/],
    [{ drawCount: 1.5 }, /drawCount is 1.5/],
    [{ warmupCount: -1 }, /warmupCount is -1/],
    [{ targetAcceptance: 1 }, /targetAcceptance is 1/],
    [{ maximumTreeDepth: 25 }, /maximumTreeDepth is 25/],
    [{ algorithm: 'gibbs' as 'hmc' }, /algorithm is "gibbs"/],
    [{ metric: 'full' as 'dense' }, /metric is "full"/],
    [{ stepSizeJitter: 1 }, /stepSizeJitter is 1/],
    [{ trajectoryLength: { time: 0 } }, /trajectoryLength is 0/],
    [{ trajectoryLength: { stepCount: 1.5 } }, /trajectoryLength is 1.5/],
  ])('refuses settings out of range: %o', async (changes, message) => {
    const attempt = runChains(jobFor(standardNormal(1), changes))
    await expect(attempt).rejects.toThrow(UsageError)
    await expect(attempt).rejects.toThrow(message)
  })
})
