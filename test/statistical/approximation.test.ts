import { describe, expect, it } from 'vitest'
import { paretoSmooth } from '../../diagnostics/predictive/pareto-smooth.js'
import { propose } from '../../src/inference/approximation/approximation.js'
import { resampleSystematically } from '../../src/inference/approximation/resample.js'
import { finished } from '../../src/inference/approximation/steps.js'
import { fullRank } from '../../src/inference/full-rank.js'
import { laplace } from '../../src/inference/laplace.js'
import { pathfinder } from '../../src/inference/pathfinder.js'
import { stream } from '../../src/random/stream.js'
import { jobFor } from '../unit/inference/approximation/support.js'

const SHAPE = 10
/** Logarithms of two independent Gamma(10, 1): skewed to the left. */
const logGammas = {
  dimension: 2,
  valueAndGradient([a, b]: Float64Array, gradient: Float64Array) {
    gradient[0] = SHAPE - Math.exp(a)
    gradient[1] = SHAPE - Math.exp(b)
    return SHAPE * (a + b) - Math.exp(a) - Math.exp(b)
  },
}
/** digamma(10) and trigamma(10): 9 terms of the harmonic sums less Euler's constant, and pi^2 / 6. */
const harmonic = (power: number) => Array.from({ length: SHAPE - 1 }, (_, i) => (i + 1) ** -power).reduce((a, b) => a + b, 0)
const truth = { mean: harmonic(1) - 0.5772156649015329, variance: Math.PI ** 2 / 6 - harmonic(2) }

const COUNT = 20000
/** Two-sided standard normal quantile for a family-wise error of 1e-4 over at most 100 comparisons. */
const FIVE_STANDARD_ERRORS = 5

/** Distance of the mean of a function from its truth in standard errors of as many independent draws. */
function distance(values: Float64Array, expected: number, sampleSize: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return Math.abs(mean - expected) / Math.sqrt(variance / sampleSize)
}

describe.each(Object.entries({ laplace, fullRank, pathfinder }))('draws of %s', (_, algorithm) => {
  const { approximation } = finished(algorithm(jobFor(logGammas)))
  const { positions, logDensity, logApproximation } = finished(propose(stream(3), approximation, logGammas, 4 * COUNT))
  const { logWeights, k, effectiveSampleSize } = paretoSmooth(logDensity.map((value, draw) => value - logApproximation[draw]))
  const chosen = resampleSystematically(stream(4), logWeights, COUNT)
  /** Resampling adds the error of COUNT draws to that of the weights. */
  const sampleSize = 1 / (1 / COUNT + 1 / effectiveSampleSize)
  const column = (rows: Int32Array, i: number) => Float64Array.from(rows, (row) => positions[2 * row + i])
  const squares = (values: Float64Array) => values.map((value) => (value - truth.mean) ** 2)

  it('resampled by importance have the means and variances of a skewed density', () => {
    expect(k).toBeLessThan(0.7)
    for (const i of [0, 1]) {
      expect(distance(column(chosen, i), truth.mean, sampleSize)).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(distance(squares(column(chosen, i)), truth.variance, sampleSize)).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
  })
  it('are told from it without resampling, by a third moment that no normal distribution has', () => {
    const all = Int32Array.from({ length: 4 * COUNT }, (_, row) => row)
    const cubes = (rows: Int32Array) => column(rows, 0).map((value) => (value - truth.mean) ** 3)
    /** Third cumulant of a log gamma: -2 (zeta(3) - H_9^(3)). */
    const third = -2 * (1.2020569031595942 - harmonic(3))
    expect(distance(cubes(chosen), third, sampleSize)).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(distance(cubes(all), third, 4 * COUNT)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
})
