import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { inverseMetric } from '../../../src/inference/metric.js'
import { nuts } from '../../../src/inference/nuts.js'
import { startWarmup, type WarmupOptions } from '../../../src/inference/warmup.js'
import { stream } from '../../../src/random/stream.js'
import { altered, correlatedNormal, funnel, independentNormal, standardNormal } from './targets.js'

function warmUp(logDensity: LogDensity, warmupCount: number, changes: Partial<WarmupOptions> = {}, seed = 11) {
  const source = stream(seed)
  const algorithm = nuts(logDensity.dimension)
  let state = algorithm.init(new Float64Array(logDensity.dimension).fill(0.1), logDensity)
  const warmup = startWarmup(source, state, logDensity, { warmupCount, targetAcceptance: 0.8, ...changes })
  const metrics = [warmup.settings().metric]
  const stepSizes = [warmup.settings().stepSize]
  for (let i = 0; i < warmupCount; i++) {
    const { state: next, info } = algorithm.step(source, state, logDensity, { ...warmup.settings(), maximumTreeDepth: 8 })
    state = next
    warmup.learn(source, state, info)
    metrics.push(warmup.settings().metric)
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
  return { adaptation: warmup.adaptation(), state, metrics, stepSizes, meanAcceptance }
}

const sds = [0.01, 0.1, 1, 10, 100]
const target = independentNormal([0, 0, 0, 0, 0], sds)
const correlated = correlatedNormal(0.99)

describe('warmup as in Stan', () => {
  const stan = { adaptation: 'stan' } as const

  it('learns the variances of the coordinates', () => {
    const variances = inverseMetric(warmUp(target, 1000, stan).adaptation.metric, 5)
    const drawsOfLastWindow = 500
    // Relative SE of a variance is sqrt(2 / n) for independent draws; 5 of them, doubled for autocorrelation, on the log scale.
    const tolerance = 2 * 5 * Math.sqrt(2 / drawsOfLastWindow)
    for (const [i, sd] of sds.entries()) {
      const regularised = (drawsOfLastWindow * sd ** 2 + 5 * 1e-3) / (drawsOfLastWindow + 5)
      expect(Math.abs(Math.log(variances[i] / regularised))).toBeLessThan(tolerance)
    }
  })

  it('learns the covariance when asked for a dense metric', () => {
    const { metric } = warmUp(correlated, 1000, { ...stan, metric: 'dense' }).adaptation
    const [first, covariance, , second] = inverseMetric(metric, 2)
    // The standard error of a correlation r is (1 - r^2) / sqrt(n); shrinkage by 10^-3 5/(n + 5) on the diagonal changes it by 1e-5.
    const tenStandardErrors = (10 * (1 - 0.99 ** 2)) / Math.sqrt(500)
    expect(Math.abs(covariance / Math.sqrt(first * second) - 0.99)).toBeLessThan(tenStandardErrors)
  })

  it('finds step sizes with at least the target acceptance, smaller for a higher target', () => {
    const results = [0.5, 0.65, 0.8, 0.95].map((targetAcceptance) => {
      const { adaptation, meanAcceptance } = warmUp(target, 1000, { ...stan, targetAcceptance })
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
    const { metrics } = warmUp(target, 200, stan)
    const changes = metrics.flatMap((metric, i) => (i > 0 && metric !== metrics[i - 1] ? [i] : []))
    expect(changes).toEqual([100, 150])
    expect([...metrics[0].root]).toEqual([1, 1, 1, 1, 1])
  })

  it('starts the step size anew with the new metric', () => {
    // With all standard deviations 0.01, a step is stable below 0.02 in the unit metric and below 2 in the metric of the target.
    const { stepSizes } = warmUp(independentNormal([0, 0], [0.01, 0.01]), 200, stan)
    expect(stepSizes[99]).toBeLessThan(0.04)
    expect(stepSizes[100]).toBeGreaterThan(0.1)
    expect(stepSizes[100]).toBeLessThan(4)
  })
})

describe('warmup from gradients', () => {
  it('has the covariance of a normal after 60 transitions, up to its shrinkage', () => {
    const { metric } = warmUp(correlated, 60).adaptation
    const [first, covariance, , second] = inverseMetric(metric, 2)
    expect(metric.kind).toBe('dense')
    // For a normal cov(g) = S^-1 cov(x) S^-1 whatever the draws, so that the only error is the shrinkage by one observation in 30 or more. With
    // eigenvalues e and 1/e of the standardised covariances, e^2 = (1 - r)/(1 + r), and dependent draws whose variance is at least a third of
    // the target's, it multiplies (1 - r)/(1 + r) by up to 1 + 3/(30 e) = 2.4; a diagonal metric would have it at 199.
    const ratio = (first + second - 2 * covariance) / (first + second + 2 * covariance) / (0.01 / 1.99)
    expect(ratio).toBeGreaterThan(1 / 1.1)
    expect(ratio).toBeLessThan(1 + (3 * Math.sqrt(1.99 / 0.01)) / 30)
    expect(first / second).toBeCloseTo(1, 1)
  })

  it('with a diagonal metric learns variances', () => {
    const { metric } = warmUp(target, 1000, { metric: 'diagonal' }).adaptation
    const variances = inverseMetric(metric, 5)
    const least = 80
    const tolerance = 2 * 5 * Math.sqrt(2 / least)
    for (const [i, sd] of sds.entries())
      expect(Math.abs(Math.log(variances[i] / (sd ** 2 + 5e-3 / least)))).toBeLessThan(tolerance)
  })

  it('leaves the dense metric for the variances where the target is far from normal', () => {
    const seeds = Array.from({ length: 8 }, (_, index) => index + 1)
    const denseCount = (target: LogDensity) =>
      seeds.filter((seed) => warmUp(target, 400, {}, seed).adaptation.metric.kind === 'dense').length
    // About one chain in ten never sees that the funnel is one: more than 4 of 8 has probability below 1e-3.
    expect(denseCount(funnel(10))).toBeLessThanOrEqual(4)
    expect(denseCount(standardNormal(10))).toBe(seeds.length)
  })

  it('chooses the diagonal in more than 50 dimensions unless told otherwise', () => {
    expect(warmUp(standardNormal(51), 100).adaptation.metric.kind).toBe('diagonal')
    expect(warmUp(standardNormal(51), 100, { metric: 'dense' }).adaptation.metric.kind).toBe('dense')
  })

  it('has a diagonal metric that changes with the draws until there are enough for a dense one', () => {
    const { metrics } = warmUp(correlated, 200)
    const changes = metrics.slice(1, 30).filter((metric, i) => metric !== metrics[i])
    expect(new Set(metrics.slice(0, 30).map(({ kind }) => kind))).toEqual(new Set(['diagonal']))
    expect(changes.length).toBeGreaterThan(20)
    expect(metrics[30].kind).toBe('dense')
  })

  it('aims at no more than 0.8 while the metric is rough, unlike that of Stan', () => {
    const logRatio = (changes: Partial<WarmupOptions>) => {
      const { stepSizes } = warmUp(standardNormal(5), 1000, { targetAcceptance: 0.99, ...changes })
      const meanLog = (from: number, to: number) =>
        stepSizes.slice(from, to).reduce((sum, stepSize) => sum + Math.log(stepSize), 0) / (to - from)
      return meanLog(200, 300) - meanLog(700, 800)
    }
    // The error of the acceptance is of order step^2 in a normal target, so that 0.2 instead of 0.01 allows steps that are several times as long.
    expect(logRatio({})).toBeGreaterThan(Math.log(2))
    expect(logRatio({ adaptation: 'stan' })).toBeLessThan(Math.log(2))
  })

  it('keeps the metric for the last 15% of its iterations', () => {
    const { metrics } = warmUp(target, 200)
    expect(metrics.lastIndexOf(metrics[169])).toBe(169)
    expect(new Set(metrics.slice(170)).size).toBe(1)
  })

  it('finds step sizes with at least the target acceptance', () => {
    const fourStandardErrors = (4 * 0.3) / Math.sqrt(1000)
    for (const targetAcceptance of [0.65, 0.8, 0.95])
      expect(warmUp(target, 1000, { targetAcceptance }).meanAcceptance(1000)).toBeGreaterThan(
        targetAcceptance - fourStandardErrors,
      )
  })

  it("needs fewer than half the gradients of Stan's on a strongly correlated normal", () => {
    const gradients = (changes: Partial<WarmupOptions>) => {
      let count = 0
      const counted = altered(correlated, (value) => {
        count++
        return value
      })
      warmUp(counted, 500, changes)
      return count
    }
    expect(gradients({})).toBeLessThan(0.5 * gradients({ adaptation: 'stan' }))
  })
})

describe.each(['gradient', 'stan'] as const)('warmup without iterations (%s)', (adaptation) => {
  it('gives the unit metric and a usable step size', () => {
    const result = warmUp(target, 0, { adaptation }).adaptation
    expect([...result.metric.root]).toEqual([1, 1, 1, 1, 1])
    // A leapfrog step is stable below twice the smallest standard deviation.
    expect(result.stepSize).toBeLessThan(2 * 0.01)
    expect(result.stepSize).toBeGreaterThan(1e-3 * 0.01)
  })
})
