import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { diagonalMetric, unitMetric } from '../../../src/inference/metric.js'
import { type NutsSettings, nuts } from '../../../src/inference/nuts.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'
import { referenceTrajectory } from './reference-trajectory.js'
import { altered, correlatedNormal, funnel, standardNormal } from './targets.js'

const settings = (dimension: number, stepSize: number, maximumTreeDepth = 10): NutsSettings => ({
  stepSize,
  metric: unitMetric(dimension),
  maximumTreeDepth,
})

function stepFrom(logDensity: LogDensity, position: number[], options: NutsSettings, seed = 1) {
  const algorithm = nuts(logDensity.dimension)
  return algorithm.step(stream(seed), algorithm.init(Float64Array.from(position), logDensity), logDensity, options)
}

/** The two differ in the order of sums, 1e-16 a step; this leaves five digits for the growth of such differences along 127 steps. */
const ROUNDING = 1e-9

describe('nuts', () => {
  it.each([
    ['standard normal', standardNormal(3), 0.4, 1],
    ['strongly correlated normal', correlatedNormal(0.98), 0.15, 1],
    ['funnel', funnel(4), 0.3, 1],
    ['normal with a wall', altered(standardNormal(2), (value, [x]) => (x < -0.5 ? Number.NaN : value)), 0.3, 1],
    ['normal from far out, where steps gain hundreds to thousands of units of energy', standardNormal(3), 0.4, 300],
  ])('makes the transition of the definition, with all points stored: %s', (_, target, stepSize, spread) => {
    const algorithm = nuts(target.dimension)
    const transitionCount = 300
    const depths = new Set<number>()
    for (let seed = 0; seed < transitionCount; seed++) {
      const position = [...fillNormal(stream(seed, 'position'), new Float64Array(target.dimension))].map(
        (x, i) => spread * (i === 0 ? Math.abs(x) : x),
      )
      const state = algorithm.init(Float64Array.from(position), target)
      const { state: next, info } = algorithm.step(stream(seed), state, target, settings(target.dimension, stepSize, 7))
      const source = stream(seed)
      const momentum = [...fillNormal(source, new Float64Array(target.dimension))]
      const reference = referenceTrajectory(source, target, position, momentum, stepSize, 7)
      depths.add(info.treeDepth)
      expect([info.treeDepth, info.leapfrogCount, info.isDivergent]).toEqual([
        reference.depth,
        reference.leapfrogCount,
        reference.isDivergent,
      ])
      expect(Math.abs(info.acceptance - reference.acceptance)).toBeLessThan(ROUNDING)
      expect(Math.abs(info.energy / reference.draw.energy - 1)).toBeLessThan(ROUNDING)
      for (const [i, value] of reference.draw.position.entries())
        expect(Math.abs(next.position[i] - value)).toBeLessThan(ROUNDING * spread)
    }
    expect(depths.size).toBeGreaterThan(1)
  })

  it('carries the log density and gradient of the position it returns', () => {
    const target = correlatedNormal(0.7)
    for (let seed = 0; seed < 20; seed++) {
      const { state } = stepFrom(target, [1, -1], settings(2, 0.3), seed)
      const gradient = new Float64Array(2)
      expect(state.logDensity).toBe(target.valueAndGradient(state.position, gradient))
      expect([...state.gradient]).toEqual([...gradient])
    }
  })

  it('changes neither the state nor the settings, and its states outlive later steps', () => {
    const target = correlatedNormal(0.7)
    const algorithm = nuts(2)
    const options = settings(2, 0.3)
    const source = stream(1)
    let state = algorithm.init(Float64Array.of(1, -1), target)
    const states = [state]
    const copies = [structuredClone(state)]
    for (let i = 0; i < 20; i++) {
      state = algorithm.step(source, state, target, options).state
      states.push(state)
      copies.push(structuredClone(state))
    }
    expect(states).toEqual(copies)
    expect(options).toEqual(settings(2, 0.3))
  })

  it('takes the same step on a used instance as on a fresh one', () => {
    const target = funnel(5)
    const used = nuts(5)
    const state = used.init(new Float64Array(5).fill(0.3), target)
    for (let seed = 0; seed < 50; seed++) {
      const again = used.step(stream(seed), state, target, settings(5, 0.5, 1 + (seed % 8)))
      expect(again).toEqual(nuts(5).step(stream(seed), state, target, settings(5, 0.5, 1 + (seed % 8))))
    }
  })

  it('is equivariant to a change of scale of target and metric', () => {
    const scale = 1024
    const target = correlatedNormal(0.6)
    const wide: LogDensity = {
      dimension: 2,
      valueAndGradient([x, y], gradient) {
        const value = target.valueAndGradient(Float64Array.of(x / scale, y / scale), gradient)
        gradient.forEach((slope, i) => {
          gradient[i] = slope / scale
        })
        return value
      },
    }
    const unit = stepFrom(target, [1, 0.5], settings(2, 0.3))
    const scaled = stepFrom(wide, [scale, 0.5 * scale], {
      ...settings(2, 0.3),
      metric: diagonalMetric(new Float64Array(2).fill(scale ** 2)),
    })
    expect([...scaled.state.position]).toEqual([...unit.state.position].map((x) => x * scale))
    expect(scaled.info).toEqual(unit.info)
  })

  it('makes at most 2^maximumTreeDepth - 1 leapfrog steps', () => {
    for (const depth of [1, 2, 5]) {
      const { info } = stepFrom(standardNormal(2), [1, 1], settings(2, 1e-4, depth))
      expect([info.treeDepth, info.leapfrogCount]).toEqual([depth, 2 ** depth - 1])
    }
  })

  it('turns around after half a period of a high-dimensional standard normal and no later', () => {
    // There q and p stay nearly orthogonal and (q_t - q_0)'p_t is proportional to sin t: the first complete doubling longer than pi
    // (31 steps of 0.15 = 4.65; 15 steps = 2.25, where sin t is 35 standard errors of 1 / sqrt(2000) above 0) stops.
    const dimension = 2000
    const stepSize = 0.15
    const position = [...fillNormal(stream(2, 'position'), new Float64Array(dimension))]
    const { info } = stepFrom(standardNormal(dimension), position, settings(dimension, stepSize))
    const expectedDepth = Math.ceil(Math.log2(Math.PI / stepSize + 1))
    expect([info.treeDepth, info.leapfrogCount]).toEqual([expectedDepth, 2 ** expectedDepth - 1])
  })

  it.each([
    ['NaN', Number.NaN],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['+Infinity', Number.POSITIVE_INFINITY],
    ['a loss of more than 1000', -1001],
  ])('stays and reports a divergence, with its place, when everything else has log density %s', (_, elsewhere) => {
    const spike = altered(standardNormal(2), (value, [x, y]) => (x === 0 && y === 0 ? value : elsewhere))
    const { state, info } = stepFrom(spike, [0, 0], settings(2, 0.5))
    expect([...state.position]).toEqual([0, 0])
    expect(info).toMatchObject({ isDivergent: true, leapfrogCount: 1, treeDepth: 0, acceptance: 0 })
    expect(info.divergencePosition).toHaveLength(2)
    expect([...info.divergencePosition!]).not.toEqual([0, 0])
  })

  it('calls a gradient that is not finite a divergence', () => {
    const target = altered(standardNormal(2), (value, [x], gradient) => {
      if (x !== 0) gradient[0] = Number.NaN
      return value
    })
    expect(stepFrom(target, [0, 0], settings(2, 0.5)).info.isDivergent).toBe(true)
  })

  it('does not call an energy error below 1000 a divergence', () => {
    const target = altered(standardNormal(1), (value, [x]) => (x === 0 ? value : -900))
    const { info } = stepFrom(target, [0], settings(1, 0.1))
    expect(info.isDivergent).toBe(false)
    expect(info).not.toHaveProperty('divergencePosition')
  })

  it('leaves a place that is thousands of units of energy too high', () => {
    const { state, info } = stepFrom(standardNormal(10), new Array(10).fill(300), settings(10, 0.5))
    expect(state.logDensity).toBeGreaterThan(-0.5 * 10 * 300 ** 2)
    expect(info.acceptance).toBeGreaterThan(0)
    expect(Number.isFinite(info.energy)).toBe(true)
  })
})
