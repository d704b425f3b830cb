import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { nuts } from '../../../src/inference/nuts.js'
import { startWarmup } from '../../../src/inference/warmup.js'
import { stream } from '../../../src/random/stream.js'
import { independentNormal } from './targets.js'

function warmUp(logDensity: LogDensity, warmupCount: number, targetAcceptance = 0.8) {
  const source = stream(11)
  const algorithm = nuts(logDensity.dimension)
  let state = algorithm.init(new Float64Array(logDensity.dimension).fill(0.1), logDensity)
  const warmup = startWarmup(source, state, logDensity, { warmupCount, targetAcceptance, maximumTreeDepth: 8 })
  const metrics = [warmup.settings().inverseMetric]
  const stepSizes = [warmup.settings().stepSize]
  for (let i = 0; i < warmupCount; i++) {
    const { state: next, info } = algorithm.step(source, state, logDensity, warmup.settings())
    state = next
    warmup.learn(state, info.acceptance)
    metrics.push(warmup.settings().inverseMetric)
    stepSizes.push(warmup.settings().stepSize)
  }
  const settings = { ...warmup.adaptation(), maximumTreeDepth: 8 }
  const meanAcceptance = (count: number) => {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const { state: next, info } = algorithm.step(source, state, logDensity, settings)
      state = next
      sum += info.acceptance
    }
    return sum / count
  }
  return { adaptation: warmup.adaptation(), metrics, stepSizes, meanAcceptance }
}

describe('warmup', () => {
  const sds = [0.01, 0.1, 1, 10, 100]
  const target = independentNormal([0, 0, 0, 0, 0], sds)

  it('learns the variances of the coordinates', () => {
    const { inverseMetric } = warmUp(target, 1000).adaptation
    const drawsOfLastWindow = 500
    // Relative SE of a variance is sqrt(2 / n) for independent draws; 5 of them, doubled for autocorrelation, on the log scale.
    const tolerance = 2 * 5 * Math.sqrt(2 / drawsOfLastWindow)
    for (const [i, sd] of sds.entries()) {
      const regularised = (drawsOfLastWindow * sd ** 2 + 5 * 1e-3) / (drawsOfLastWindow + 5)
      expect(Math.abs(Math.log(inverseMetric[i] / regularised))).toBeLessThan(tolerance)
    }
  })

  it('finds step sizes with at least the target acceptance, smaller for a higher target', () => {
    const results = [0.5, 0.65, 0.8, 0.95].map((targetAcceptance) => {
      const { adaptation, meanAcceptance } = warmUp(target, 1000, targetAcceptance)
      return { targetAcceptance, stepSize: adaptation.stepSize, acceptance: meanAcceptance(1000) }
    })
    // The last phase has 50 iterations, too few for the averaged step size to reach the target: it errs on the side of small steps, by 0.1 in
    // acceptance at 0.8 (0.03 after 500 iterations, 0.005 after 20,000). A lower bound is what can be asked of it.
    const fourStandardErrors = (4 * 0.3) / Math.sqrt(1000)
    for (const { targetAcceptance, acceptance } of results)
      expect(acceptance).toBeGreaterThan(targetAcceptance - fourStandardErrors)
    expect(results.map(({ stepSize }) => stepSize)).toEqual(results.map(({ stepSize }) => stepSize).sort((a, b) => b - a))
  })

  it('changes the metric at the ends of the slow windows and never in place', () => {
    const { metrics } = warmUp(target, 200)
    const changes = metrics.flatMap((metric, i) => (i > 0 && metric !== metrics[i - 1] ? [i] : []))
    expect(changes).toEqual([100, 150])
    expect([...metrics[0]]).toEqual([1, 1, 1, 1, 1])
  })

  it('starts the step size anew with the new metric', () => {
    // With all standard deviations 0.01, a step is stable below 0.02 in the unit metric and below 2 in the metric of the target.
    const { stepSizes } = warmUp(independentNormal([0, 0], [0.01, 0.01]), 200)
    expect(stepSizes[99]).toBeLessThan(0.04)
    expect(stepSizes[100]).toBeGreaterThan(0.1)
    expect(stepSizes[100]).toBeLessThan(4)
  })

  it('without iterations gives the unit metric and a usable step size', () => {
    const { adaptation } = warmUp(target, 0)
    expect([...adaptation.inverseMetric]).toEqual([1, 1, 1, 1, 1])
    // A leapfrog step is stable below twice the smallest standard deviation.
    expect(adaptation.stepSize).toBeLessThan(2 * 0.01)
    expect(adaptation.stepSize).toBeGreaterThan(1e-3 * 0.01)
  })
})
