import { describe, expect, it } from 'vitest'
import { type HmcSettings, hmc } from '../../../src/inference/hmc.js'
import { unitMetric } from '../../../src/inference/metric.js'
import { createTransition } from '../../../src/inference/transition-kernel.js'
import { stream } from '../../../src/random/stream.js'
import { altered, correlatedNormal, standardNormal } from './targets.js'

const settings = (changes: Partial<HmcSettings> = {}): HmcSettings => ({
  stepSize: 0.1,
  metric: unitMetric(2),
  length: { stepCount: 15 },
  lengthJitter: 0,
  ...changes,
})
const start = Float64Array.of(1, -0.5)

describe('hmc', () => {
  it('turns a standard normal by the angle of its integration time', () => {
    // Momentum 0 from a stream of 0.5; the leapfrog rotates by n arccos(1 - e^2 / 2) exactly in q when p_0 = 0.
    const target = standardNormal(2)
    const { state } = hmc(2).step({ uniform: () => 0.5 }, hmc(2).init(start, target), target, settings())
    const angle = 15 * Math.acos(1 - 0.1 ** 2 / 2)
    expect(state.position[0]).toBeCloseTo(Math.cos(angle), 13)
    expect(state.position[1]).toBeCloseTo(-0.5 * Math.cos(angle), 13)
  })
  it.each([
    [{ length: { time: 1 } }, 10],
    [{ length: { time: 0.01 } }, 1],
    [{ length: { time: 1 }, stepSize: 1e-6 }, 127],
    [{ length: { stepCount: 7 } }, 7],
  ] as [Partial<HmcSettings>, number][])('makes as many steps as its length asks for: %o', (changes, expected) => {
    const target = standardNormal(2)
    const { info } = hmc(2).step(stream(1), hmc(2).init(start, target), target, settings(changes))
    expect([info.leapfrogCount, info.isDivergent]).toEqual([expected, false])
  })
  it('spreads the number of steps over all of its jitter', () => {
    const target = standardNormal(2)
    const source = stream(1)
    const counts = new Set<number>()
    for (let i = 0; i < 300; i++)
      counts.add(hmc(2).step(source, hmc(2).init(start, target), target, settings({ lengthJitter: 0.2 })).info.leapfrogCount)
    expect([...counts].sort((a, b) => a - b)).toEqual([12, 13, 14, 15, 16, 17, 18])
  })
  it('stays where it is after a rejection and a divergence, and says where it diverged', () => {
    const spike = altered(standardNormal(2), (value, [x]) => (x === 1 ? value : Number.NaN))
    const state = hmc(2).init(start, spike)
    const { state: next, info } = hmc(2).step(stream(1), state, spike, settings())
    expect(next).toBe(state)
    expect(info).toMatchObject({ isDivergent: true, acceptance: 0, leapfrogCount: 1 })
    expect(info.divergencePosition).toHaveLength(2)
  })
  it('carries the log density, gradient and energy of where it is', () => {
    const target = correlatedNormal(0.7)
    const source = stream(4)
    let state = hmc(2).init(start, target)
    for (let i = 0; i < 50; i++) {
      const { state: next, info } = hmc(2).step(source, state, target, settings({ stepSize: 0.4 }))
      const gradient = new Float64Array(2)
      expect(next.logDensity).toBe(target.valueAndGradient(next.position, gradient))
      expect([...next.gradient]).toEqual([...gradient])
      expect(info.energy).toBeGreaterThanOrEqual(-next.logDensity)
      state = next
    }
  })
})

describe('a transition with a jittered step size', () => {
  it('draws it uniformly between its bounds', () => {
    const target = standardNormal(2)
    const transition = createTransition(target, { maximumTreeDepth: 5, stepSizeJitter: 0.25 })
    const source = stream(9)
    const state = hmc(2).init(start, target)
    const factors = Array.from(
      { length: 400 },
      () => transition(source, state, target, { stepSize: 0.4, metric: unitMetric(2) }).info.stepSize / 0.4,
    )
    expect(Math.min(...factors)).toBeGreaterThan(0.75)
    expect(Math.max(...factors)).toBeLessThan(1.25)
    // A uniform variable on 0.75 ... 1.25 has standard deviation 0.5 / sqrt(12).
    const fiveStandardErrors = (5 * 0.5) / Math.sqrt(12 * 400)
    expect(Math.abs(factors.reduce((a, b) => a + b) / 400 - 1)).toBeLessThan(fiveStandardErrors)
  })
})
