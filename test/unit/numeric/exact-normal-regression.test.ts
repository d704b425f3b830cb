import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { exactNormalRegression } from '../../../src/numeric/exact-normal-regression.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { logDeterminantPositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { add, flat, invert, largestDifference, multiply, ROUNDING, rows, scatter, transpose } from './matrices.js'

const COUNT = 15
const design = scatter(COUNT * 3)
const outcome = scatter(COUNT, 11)
const priorScale = Float64Array.of(10, 1, 0.3)
const sigma = 0.7

describe('exactNormalRegression', () => {
  it('of a normal mean: 4 observations with mean 2, sigma 1, prior N(0, 1) gives N(1.6, 0.2)', () => {
    const posterior = exactNormalRegression({
      design: Float64Array.of(1, 1, 1, 1),
      outcome: Float64Array.of(1, 2, 2, 3),
      priorScale: Float64Array.of(1),
      sigma: 1,
    })
    expect(posterior.mean[0]).toBeCloseTo(1.6, 14)
    expect(posterior.covariance[0]).toBeCloseTo(0.2, 14)
  })

  it('has the marginal likelihood of y ~ N(0, sigma^2 I + X S X transposed)', () => {
    const x = rows(design, 3)
    const scaled = x.map((row) => row.map((value, k) => value * priorScale[k]))
    const identity = x.map((_, i) => x.map((_, j) => (i === j ? sigma * sigma : 0)))
    const marginal = add(multiply(scaled, transpose(scaled)), identity)
    const [[squares]] = multiply(multiply([Array.from(outcome)], invert(marginal)), rows(outcome, 1))
    const expected = -0.5 * (COUNT * Math.log(2 * Math.PI) + logDeterminantPositiveDefinite(flat(marginal), COUNT) + squares)
    expect(exactNormalRegression({ design, outcome, priorScale, sigma }).logMarginal).toBeCloseTo(expected, 11)
    expect(exactNormalRegression({ design, outcome, priorScale, sigma: 0.71 }).logMarginal).not.toBeCloseTo(expected, 11)
  })

  it('is least squares when all priors are flat, and then has no marginal likelihood', () => {
    const posterior = exactNormalRegression({
      design,
      outcome,
      priorScale: new Float64Array(3).fill(Number.POSITIVE_INFINITY),
      sigma,
    })
    const leastSquares = ordinaryLeastSquares(design, outcome)
    expect(largestDifference(posterior.mean, leastSquares.coefficients)).toBeLessThan(ROUNDING)
    const known = leastSquares.covariance.map((value) => (value * sigma * sigma) / leastSquares.residualVariance)
    expect(largestDifference(posterior.covariance, known)).toBeLessThan(ROUNDING)
    expect(posterior.logMarginal).toBeNaN()
  })

  it('refuses flat priors on a singular design', () => {
    const flatPrior = new Float64Array(2).fill(Number.POSITIVE_INFINITY)
    const singular = { design: Float64Array.of(1, 1, 1, 1), outcome: Float64Array.of(1, 2), priorScale: flatPrior, sigma: 1 }
    expect(() => exactNormalRegression(singular)).toThrow(RunError)
  })
})
