import { describe, expect, it } from 'vitest'
import { createPhasePoint, leapfrog, type PhasePoint } from '../../../src/inference/leapfrog.js'
import { diagonalMetric, unitMetric } from '../../../src/inference/metric.js'
import { correlatedNormal, independentNormal, standardNormal } from './targets.js'

function pointAt(
  position: readonly number[],
  momentum: readonly number[],
  logDensity = standardNormal(position.length),
): PhasePoint {
  const point = createPhasePoint(position.length)
  point.position.set(position)
  point.momentum.set(momentum)
  point.logDensity = logDensity.valueAndGradient(point.position, point.gradient)
  return point
}

describe('leapfrog', () => {
  it('conserves p^2 + (1 - e^2/4) q^2 of the harmonic oscillator, the closed form of its modified energy', () => {
    const stepSize = 0.7
    const point = pointAt([0.8], [-1.1])
    const modified = () => point.momentum[0] ** 2 + (1 - stepSize ** 2 / 4) * point.position[0] ** 2
    const initial = modified()
    for (let i = 0; i < 1000; i++) leapfrog(point, stepSize, unitMetric(1), standardNormal(1))
    const roundingOfThousandSteps = 1000 * 8 * Number.EPSILON
    expect(Math.abs(modified() / initial - 1)).toBeLessThan(roundingOfThousandSteps)
  })

  it("returns the energy p'p / 2 - log density at the new point and keeps the log density", () => {
    const target = independentNormal([1, -2], [0.5, 3])
    const metric = diagonalMetric(Float64Array.of(0.25, 9))
    const point = pointAt([0.3, 1], [1.5, -0.2], target)
    const energy = leapfrog(point, 0.1, metric, target)
    const kinetic = 0.5 * (point.momentum[0] ** 2 + point.momentum[1] ** 2)
    const value = target.valueAndGradient(point.position, new Float64Array(2))
    expect(energy).toBeCloseTo(kinetic - value, 13)
    expect(point.logDensity).toBe(value)
  })

  it('is undone by as many steps of the opposite sign', () => {
    const target = correlatedNormal(0.9)
    const point = pointAt([0.4, -0.7], [1.3, 0.2], target)
    const metric = diagonalMetric(Float64Array.of(1, 2))
    const stepCount = 50
    for (let i = 0; i < stepCount; i++) leapfrog(point, 0.2, metric, target)
    for (let i = 0; i < stepCount; i++) leapfrog(point, -0.2, metric, target)
    const roundingPerStep = 100 * Number.EPSILON
    const expected = [0.4, -0.7, 1.3, 0.2]
    const actual = [...point.position, ...point.momentum]
    for (const [i, value] of actual.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(2 * stepCount * roundingPerStep)
  })

  it('has an energy error of second order: half the step, a quarter of the error', () => {
    const target = correlatedNormal(0.5)
    const worstError = (stepSize: number) => {
      const point = pointAt([1, -1], [0.5, 1], target)
      const initial = 0.5 * 1.25 - point.logDensity
      let worst = 0
      for (let t = 0; t < 4 / stepSize; t++)
        worst = Math.max(worst, Math.abs(leapfrog(point, stepSize, unitMetric(2), target) - initial))
      return worst
    }
    // The next term of the error is of relative order e^2 (e = 0.02, frequency^2 = 2): under 1%.
    expect(worstError(0.02) / worstError(0.01)).toBeCloseTo(4, 1)
  })

  it('in the metric of the target takes the same path as a standardised target in the unit metric', () => {
    const standardised = pointAt([0.5], [1])
    const scaled = pointAt([4], [1], independentNormal([0], [8]))
    for (let i = 0; i < 10; i++) {
      leapfrog(standardised, 0.25, unitMetric(1), standardNormal(1))
      leapfrog(scaled, 0.25, diagonalMetric(Float64Array.of(64)), independentNormal([0], [8]))
    }
    expect(scaled.position[0]).toBe(8 * standardised.position[0])
    expect(scaled.momentum[0]).toBe(standardised.momentum[0])
  })
})
