import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { geometricMean } from '../../../src/inference/geometric-mean.js'
import { inverseMetric } from '../../../src/inference/metric.js'
import { addVector, createMoments } from '../../../src/inference/moments.js'
import {
  denseScoreMetric,
  diagonalScoreMetric,
  initialScoreMetric,
  type ScoreMoments,
} from '../../../src/inference/score-metric.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'
import { correlatedNormal, independentNormal } from './targets.js'

/** Moments of standard normal draws, or of others made from them: for the diagonal of a normal target any will do. */
function momentsOf(
  target: LogDensity,
  kind: 'diagonal' | 'dense',
  count: number,
  draw = (normals: Float64Array) => normals,
): ScoreMoments {
  const { dimension } = target
  const moments = { positions: createMoments(kind, dimension), gradients: createMoments(kind, dimension) }
  const source = stream(2, 'score', count)
  for (let i = 0; i < count; i++) {
    const position = draw(fillNormal(source, new Float64Array(dimension)))
    const gradient = new Float64Array(dimension)
    target.valueAndGradient(position, gradient)
    addVector(moments.positions, position)
    addVector(moments.gradients, gradient)
  }
  return moments
}

const withCorrelation = ([x, z]: Float64Array) => Float64Array.of(x, 0.9 * x + Math.sqrt(0.19) * z)

describe('the diagonal score metric', () => {
  it('is exact for independent normals after three draws, whatever these are', () => {
    const sds = [0.01, 1, 30]
    const metric = diagonalScoreMetric(momentsOf(independentNormal([1, 2, 3], sds), 'diagonal', 3))!
    for (const [i, sd] of sds.entries()) expect(metric.root[i] / sd).toBeCloseTo(1, 12)
  })
  it('of a correlated normal is the geometric mean of marginal and conditional variances', () => {
    const count = 20_000
    const target = correlatedNormal(0.8)
    const moments = momentsOf(target, 'diagonal', count)
    // Draws from N(0, I): var g = (1 + r^2) / (1 - r^2)^2 each.
    const expected = Math.sqrt(1 / ((1 + 0.64) / (1 - 0.64) ** 2))
    const fiveStandardErrors = 5 * Math.sqrt(2 / count)
    expect(Math.abs(inverseMetric(diagonalScoreMetric(moments)!, 2)[0] / expected - 1)).toBeLessThan(fiveStandardErrors)
  })
  it('is 1 where nothing varies, bounded elsewhere, and needs three draws', () => {
    const flat = independentNormal([0, 0], [Number.POSITIVE_INFINITY, 1])
    const [first] = diagonalScoreMetric(momentsOf(flat, 'diagonal', 5))!.root
    expect(first).toBe(1e10)
    expect(diagonalScoreMetric(momentsOf(flat, 'diagonal', 2))).toBeUndefined()
    const still = { positions: createMoments('diagonal', 1), gradients: createMoments('diagonal', 1) }
    for (const moments of Object.values(still)) for (let i = 0; i < 3; i++) addVector(moments, Float64Array.of(2))
    expect([...diagonalScoreMetric(still)!.root]).toEqual([1])
  })
  it('before any draw is 1 / |gradient|', () => {
    const inverse = inverseMetric(initialScoreMetric(Float64Array.of(-4, 0.25, 0, Number.NaN)), 4)
    for (const [i, value] of [0.25, 4, 1e20, 1].entries()) expect(inverse[i] / value).toBeCloseTo(1, 14)
  })
})

describe('the dense score metric', () => {
  it('approaches the covariance of a normal as its shrinkage by one observation vanishes', () => {
    const errors = [10, 100, 1000].map((count) => {
      const inverse = inverseMetric(denseScoreMetric(momentsOf(correlatedNormal(0.9), 'dense', count, withCorrelation))!, 2)
      return Math.max(...[1, 0.9, 0.9, 1].map((value, i) => Math.abs(inverse[i] - value)))
    })
    expect(errors[1]).toBeLessThan(errors[0] / 3)
    expect(errors[2]).toBeLessThan(errors[1] / 3)
    // Eigenvalues of the standardised covariances are within a factor of 20 of 1, which is what one observation in 1000 is multiplied by.
    expect(errors[2]).toBeLessThan(20 / 1000)
  })
  it('exists with fewer draws than dimensions', () => {
    expect(denseScoreMetric(momentsOf(independentNormal(new Array(8).fill(0), new Array(8).fill(2)), 'dense', 4))).toBeDefined()
  })
  it('is missing where gradients vary 25 times as much as those of a normal with the same covariance', () => {
    const scaled = (factor: number) => {
      const { positions, gradients } = momentsOf(correlatedNormal(0.9), 'dense', 1000, withCorrelation)
      const deviation = gradients.deviation.map((sum) => factor * sum)
      return denseScoreMetric({ positions, gradients: { ...gradients, deviation } })
    }
    expect(scaled(1)).toBeDefined()
    expect(scaled(25)).toBeUndefined()
  })
})

describe('geometricMean', () => {
  const product = (a: Float64Array, b: Float64Array) =>
    Float64Array.from({ length: 4 }, (_, i) => a[i & 2] * b[i & 1] + a[(i & 2) + 1] * b[2 + (i & 1)])
  it('solves S G S = C', () => {
    const c = Float64Array.of(2, 1, 1, 3)
    const g = Float64Array.of(5, -2, -2, 1)
    const { mean } = geometricMean(c, g, 2)!
    const solved = product(product(mean, g), mean)
    for (let i = 0; i < 4; i++) expect(solved[i]).toBeCloseTo(c[i], 12)
  })
  it('is C, with largest eigenvalue 1, when G is its inverse', () => {
    const { mean, largestEigenvalue } = geometricMean(Float64Array.of(2, 1, 1, 1), Float64Array.of(1, -1, -1, 2), 2)!
    for (const [i, value] of [2, 1, 1, 1].entries()) expect(mean[i]).toBeCloseTo(value, 12)
    expect(largestEigenvalue).toBeCloseTo(1, 12)
  })
  it('is missing when G is not positive definite', () => {
    expect(geometricMean(Float64Array.of(1, 0, 0, 1), Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined()
  })
})
