import { describe, expect, it } from 'vitest'
import { essBasic } from '../../../diagnostics/convergence/ess-basic.js'
import { essBulk } from '../../../diagnostics/convergence/ess-bulk.js'
import { essMean } from '../../../diagnostics/convergence/ess-mean.js'
import { essMedian } from '../../../diagnostics/convergence/ess-median.js'
import { essQuantile } from '../../../diagnostics/convergence/ess-quantile.js'
import { essSd } from '../../../diagnostics/convergence/ess-sd.js'
import { essTail } from '../../../diagnostics/convergence/ess-tail.js'
import { effectiveSampleSize } from '../../../diagnostics/convergence/primitives/effective-sample-size.js'
import { mean, variance } from '../../../diagnostics/convergence/primitives/moments.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { fourStandardErrors, mapDraws, simulatedChains, withChain } from './simulated-chains.js'

const diagnostics = { essBasic, essBulk, essMean, essMedian, essSd, essTail }
const drawCount = 40_000
const independent = simulatedChains('independent', 4, drawCount / 4)
const sticky = simulatedChains('sticky', 4, drawCount / 4, 0.5)
const relativeError = (value: number, expected: number) => Math.abs(value / expected - 1)

describe.each(Object.entries(diagnostics))('%s', (_name, diagnostic) => {
  it('is the number of draws when they are independent', () => {
    expect(relativeError(diagnostic(independent), drawCount)).toBeLessThan(fourStandardErrors(drawCount, 0))
  })
  it('does not mistake autocorrelated draws for independent ones', () => {
    expect(relativeError(diagnostic(sticky), drawCount)).toBeGreaterThan(fourStandardErrors(drawCount, 0))
  })
  it('falls when one chain sits elsewhere', () => {
    const shifted = withChain(independent, 0, (value) => value + 3)
    expect(diagnostic(shifted)).toBeLessThan(drawCount / 100)
  })
  it('does not depend on the order of the chains', () => {
    expect(diagnostic([sticky[2], sticky[0], sticky[3], sticky[1]])).toBeCloseTo(diagnostic(sticky), 6)
  })
  it('is NaN for constant draws, a NaN among them, and fewer than six draws a chain', () => {
    expect(diagnostic([new Float64Array(50).fill(0.1), new Float64Array(50).fill(0.1)])).toBeNaN()
    expect(diagnostic(withChain(independent, 0, (value, draw) => (draw === 7 ? Number.NaN : value)))).toBeNaN()
    expect(diagnostic(independent.map((chain) => chain.subarray(0, 5)))).toBeNaN()
    expect(diagnostic([])).toBeNaN()
  })
})

describe('essBasic', () => {
  it.each([0.5, -0.5, 0.9])('is S (1 - phi) / (1 + phi) for an autoregressive chain with phi = %f', (phi) => {
    const chains = simulatedChains(`ar ${phi}`, 4, drawCount / 4, phi)
    expect(relativeError(essBasic(chains), (drawCount * (1 - phi)) / (1 + phi))).toBeLessThan(fourStandardErrors(drawCount, phi))
  })
  it('is half the draws of chains too short for Geyer pairs', () => {
    expect(essBasic(independent.map((chain) => chain.subarray(0, 10)))).toBe(20)
  })
  it('is at most S log10 S', () => {
    const antithetic = simulatedChains('antithetic', 4, 1000, -0.95)
    expect(essBasic(antithetic)).toBe(4000 * Math.log10(4000))
  })
})

describe('effectiveSampleSize', () => {
  it('equals the sum over pairs of direct autocorrelations, made to decrease, plus the even lag after them', () => {
    const cases = [-0.3, 0.3, 0.7, 0.9].flatMap((phi) =>
      ['a', 'b', 'c', 'd', 'e'].map((seed) => simulatedChains(seed, 4, 60, phi)),
    )
    const matters = cases.map((chains) => {
      const { pairs, after } = positivePairs(directAutocorrelations(chains))
      const decreasing = pairs.map((_, index) => Math.min(...pairs.slice(0, index + 1)))
      const time = 2 * decreasing.reduce((sum, pair) => sum + pair, 0) - 1 + after
      expect(effectiveSampleSize(chains)).toBeCloseTo(240 / Math.max(time, 1 / Math.log10(240)), 9)
      return { monotone: decreasing.some((pair, index) => pair !== pairs[index]), after: after > 0 }
    })
    expect(matters.some(({ monotone }) => monotone)).toBe(true)
    expect(matters.some(({ after }) => after)).toBe(true)
    expect(matters.some(({ after }) => !after)).toBe(true)
  })
})

/** rho_t = 1 - (W - mean c_t) / var+ by direct summation. */
function directAutocorrelations(chains: readonly Float64Array[]): number[] {
  const [{ length }] = chains
  const covariances = Array.from({ length }, (_, lag) => {
    const products = chains.flatMap((chain) => {
      const centre = mean(chain)
      return Array.from(chain.subarray(lag), (value, draw) => (value - centre) * (chain[draw] - centre))
    })
    return products.reduce((sum, product) => sum + product, 0) / (length * chains.length)
  })
  const within = mean(chains.map(variance))
  const total = ((length - 1) / length) * within + variance(chains.map(mean))
  return covariances.map((covariance, lag) => (lag === 0 ? 1 : 1 - (within - covariance) / total))
}

/** Sums of neighbouring lags up to the first that is not positive, but short of the last four lags, and the even lag after them. */
function positivePairs(correlation: readonly number[]): { pairs: number[]; after: number } {
  const all = Array.from(
    { length: correlation.length / 2 - 2 },
    (_, index) => correlation[2 * index] + correlation[2 * index + 1],
  )
  const end = all.findIndex((pair) => pair <= 0)
  const pairs = end === -1 ? all : all.slice(0, end)
  return { pairs, after: Math.max(correlation[2 * pairs.length], 0) }
}

describe('essSd', () => {
  it('is S (1 - phi^2) / (1 + phi^2) for an autoregressive chain, whose squares have correlation phi^2', () => {
    expect(relativeError(essSd(sticky), (drawCount * (1 - 0.25)) / (1 + 0.25))).toBeLessThan(fourStandardErrors(drawCount, 0.5))
  })
})

describe('essBulk and essTail', () => {
  it('stay as they are under a strictly increasing map, to the last bit, where essMean does not', () => {
    const mapped = mapDraws(sticky, (value) => Math.exp(3 * value))
    expect(essBulk(mapped)).toBe(essBulk(sticky))
    expect(essTail(mapped)).toBe(essTail(sticky))
    expect(relativeError(essMean(mapped), essMean(sticky))).toBeGreaterThan(0.05)
  })
  it('see a chain of another scale in the tail only', () => {
    const scaled = withChain(independent, 1, (value) => 4 * value)
    expect(essBulk(scaled)).toBeGreaterThan(drawCount / 2)
    expect(essTail(scaled)).toBeLessThan(drawCount / 100)
  })
  it('rank infinite draws in the bulk and are NaN for them in the tail', () => {
    const infinite = withChain(sticky, 0, (value, draw) => (draw === 7 ? Infinity : value))
    const huge = withChain(sticky, 0, (value, draw) => (draw === 7 ? 1e300 : value))
    expect(essBulk(infinite)).toBe(essBulk(huge))
    expect(essTail(infinite)).toBeNaN()
  })
})

describe('essQuantile', () => {
  it('is NaN where no draw lies above the quantile', () => {
    const indicator = mapDraws(independent, (value) => (value > 0 ? 1 : 0))
    expect(essQuantile(indicator, 0.95)).toBeNaN()
    expect(essQuantile(indicator, 0.05)).not.toBeNaN()
  })
  it('reads the maximum half a draw below it', () => {
    expect(essQuantile(independent, 1)).toBe(essQuantile(independent, (drawCount - 0.5) / drawCount))
  })
  it.each([-0.1, 1.1, Number.NaN])('refuses probability %f', (probability) => {
    expect(() => essQuantile(independent, probability)).toThrow(UsageError)
  })
})
