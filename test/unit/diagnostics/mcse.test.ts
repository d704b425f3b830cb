import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { mcseMean } from '../../../diagnostics/convergence/mcse-mean.js'
import { mcseMedian } from '../../../diagnostics/convergence/mcse-median.js'
import { mcseQuantile } from '../../../diagnostics/convergence/mcse-quantile.js'
import { mcseSd } from '../../../diagnostics/convergence/mcse-sd.js'
import { fourStandardErrors, mapDraws, simulatedChains } from './simulated-chains.js'

const drawCount = 40_000
const scale = 5
const independent = mapDraws(simulatedChains('mcse', 4, drawCount / 4), (value) => 100 + scale * value)
const sticky = mapDraws(simulatedChains('mcse sticky', 4, drawCount / 4, 0.5), (value) => 100 + scale * value)
const relativeError = (value: number, expected: number) => Math.abs(value / expected - 1)

/** A standard error is a root of a sample size, hence half of its relative error, plus 4 / sqrt(2 S) for the standard deviation. */
const tolerance = (correlation: number) => fourStandardErrors(drawCount, correlation) / 2 + 4 / Math.sqrt(2 * drawCount)

/** An order-statistic interval of one standard error either side holds 2 sqrt(S p (1 - p)) draws, a Poisson-like count. */
const quantileTolerance = (probability: number) => 4 / Math.sqrt(2 * Math.sqrt(drawCount * probability * (1 - probability)))

describe('mcseMean', () => {
  it('is sigma / sqrt(S) for independent draws', () => {
    expect(relativeError(mcseMean(independent), scale / Math.sqrt(drawCount))).toBeLessThan(tolerance(0))
  })
  it('is sqrt(3) times that for an autoregressive chain with phi = 0.5', () => {
    expect(relativeError(mcseMean(sticky), (Math.sqrt(3) * scale) / Math.sqrt(drawCount))).toBeLessThan(tolerance(0.5))
  })
})

describe('mcseSd', () => {
  it('is sigma / sqrt(2 S) for independent normal draws', () => {
    expect(relativeError(mcseSd(independent), scale / Math.sqrt(2 * drawCount))).toBeLessThan(tolerance(0))
  })
  it('does not assume normality: sigma / sqrt(5 S) for independent uniform draws, whose kurtosis is 1.8', () => {
    const random = seedrandom('uniform')
    const uniform = Array.from({ length: 4 }, () => Float64Array.from({ length: drawCount / 4 }, () => random()))
    const expected = Math.sqrt(1 / 12) / Math.sqrt(5 * drawCount)
    expect(relativeError(mcseSd(uniform), expected)).toBeLessThan(tolerance(0))
    expect(relativeError(mcseSd(independent) / scale, expected / Math.sqrt(1 / 12))).toBeGreaterThan(tolerance(0))
  })
})

describe('mcseQuantile', () => {
  it.each([
    [0.5, 0.3989422804014327],
    [0.05, 0.10313564037537139],
    [0.95, 0.10313564037537139],
  ])('is sigma sqrt(p (1 - p) / S) / phi for independent normal draws at p = %f', (probability, density) => {
    const expected = (scale * Math.sqrt((probability * (1 - probability)) / drawCount)) / density
    expect(relativeError(mcseQuantile(independent, probability), expected)).toBeLessThan(quantileTolerance(probability))
  })
  it('is the error of the median at one half', () => {
    expect(mcseMedian(sticky)).toBe(mcseQuantile(sticky, 0.5))
    expect(mcseMedian(sticky)).toBeGreaterThan(1.2 * mcseMedian(independent))
  })
})

describe.each(Object.entries({ mcseMean, mcseSd, mcseMedian }))('%s', (_name, diagnostic) => {
  it('scales with the quantity and ignores its location', () => {
    const moved = mapDraws(independent, (value) => 4 * (value - 100))
    expect(relativeError(diagnostic(moved), 4 * diagnostic(independent))).toBeLessThan(1e-9)
  })
  it('is NaN for constant draws and draws that are not finite', () => {
    expect(diagnostic([new Float64Array(50).fill(2)])).toBeNaN()
    for (const bad of [Number.NaN, Infinity])
      expect(diagnostic([Float64Array.from({ length: 50 }, (_, draw) => (draw === 3 ? bad : draw))])).toBeNaN()
  })
})
