import { describe, expect, it } from 'vitest'
import { ecdfTest } from '../../../diagnostics/predictive/calibration/ecdf-test.js'
import { looPit } from '../../../diagnostics/predictive/loo-pit.js'
import { predictiveTable } from '../../../diagnostics/predictive/predictive-table.js'
import { skewness } from '../../../diagnostics/predictive/test-quantities.js'
import { erf } from '../../../src/numeric/error-function.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { drawMeans, logLikelihoods, observations, posteriorOf } from './conjugate-normal.js'

describe('predictiveTable', () => {
  it('counts replicates at most and at least as large as observed', () => {
    const replicated = Float64Array.of(1, 1, 2, 2, 3, 3, 4, 4)
    const [row] = predictiveTable(Float64Array.of(3, 3), replicated, { total: (y) => y[0] + y[1] })
    expect(row).toMatchObject({ name: 'total', observed: 6, replicatedMean: 5, lowerTail: 0.75, upperTail: 0.5, pValue: 1 })
    const [low] = predictiveTable(Float64Array.of(1, 1), replicated, { total: (y) => y[0] + y[1] })
    expect(low).toMatchObject({ lowerTail: 0.25, upperTail: 1, pValue: 0.5 })
  })
  it('has mean, sd, extremes and skewness for quantities, and finds the skewness that a normal model misses', () => {
    const source = stream(1, 'skewed')
    const skewed = Float64Array.from({ length: 100 }, () => -Math.log(source.uniform()))
    const replicated = Float64Array.from({ length: 500 * 100 }, () => drawNormal(source, 1, 1))
    const rows = predictiveTable(skewed, replicated)
    expect(rows.map(({ name }) => name)).toEqual(['mean', 'sd', 'minimum', 'maximum', 'skewness'])
    expect(rows[4].pValue).toBeLessThan(0.01)
    expect(rows[0].pValue).toBeGreaterThan(0.01)
  })
  it('is NaN where a quantity is', () => {
    const [row] = predictiveTable(Float64Array.of(1, 1), Float64Array.of(1, 2), { skewness })
    expect(row.pValue).toBeNaN()
  })
  it('refuses replicates of other observations', () => {
    expect(() => predictiveTable(Float64Array.of(1, 2), Float64Array.of(1, 2, 3))).toThrow(
      /3 replicated values are not whole replicates of 2/,
    )
  })
})

describe('skewness', () => {
  it('is 0 for symmetric values and that of a two-point distribution', () => {
    expect(skewness(Float64Array.of(1, 2, 3))).toBe(0)
    // (1 - 2p) / sqrt(p (1 - p)) with p = 1/4.
    expect(skewness(Float64Array.of(0, 0, 0, 1))).toBeCloseTo(0.5 / Math.sqrt(3 / 16), 12)
  })
})

describe('looPit', () => {
  const priorSd = 2
  const y = observations(60)
  const drawCount = 4000
  const means = drawMeans(posteriorOf(y, priorSd), drawCount)
  const transformsWith = (sd: number) => {
    const source = stream(1, 'replicates')
    const replicated = Float64Array.from({ length: drawCount * y.length }, (_, index) =>
      drawNormal(source, means[Math.floor(index / y.length)], sd),
    )
    return looPit(stream(1, 'ties'), y, replicated, logLikelihoods(means, y))
  }
  const uniformity = (transforms: Float64Array) =>
    ecdfTest(
      transforms.map((value) => Math.floor(Math.min(value, 0.999) * 16)),
      15,
    ).pValue
  it('is the exact leave-one-out distribution function of a conjugate model', () => {
    // A share of weights that are worth at least half of the draws errs by at most 0.5 / sqrt(S / 2), four of them.
    const tolerance = (4 * 0.5) / Math.sqrt(drawCount / 2)
    transformsWith(1).forEach((transform, index) => {
      const { mean, sd } = posteriorOf(
        y.filter((_, other) => other !== index),
        priorSd,
      )
      expect(Math.abs(transform - (1 + erf((y[index] - mean) / Math.hypot(1, sd) / Math.SQRT2)) / 2)).toBeLessThan(tolerance)
    })
  })
  it('looks uniform for the right model; negative controls: not for predictions that are too narrow or too wide', () => {
    expect(uniformity(transformsWith(1))).toBeGreaterThan(0.05)
    expect(uniformity(transformsWith(0.4))).toBeLessThan(0.001)
    expect(uniformity(transformsWith(3))).toBeLessThan(0.001)
  })
  it('spreads ties', () => {
    const zeros = { values: new Float64Array(40), chainCount: 4, observationCount: 1 }
    const transform = (seed: number) => looPit(stream(seed), Float64Array.of(1), new Float64Array(40).fill(1), zeros)[0]
    expect(new Set([1, 2, 3].map(transform)).size).toBe(3)
    expect(transform(1)).toBeLessThanOrEqual(1)
  })
  it('refuses outcomes of several numbers per observation', () => {
    const logLikelihood = { values: new Float64Array(40), chainCount: 4, observationCount: 1 }
    expect(() => looPit(stream(1), Float64Array.of(1, 2), new Float64Array(80), logLikelihood)).toThrow(
      /log likelihoods of 1 obs/,
    )
  })
})
