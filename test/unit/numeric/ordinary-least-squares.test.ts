import { describe, expect, it } from 'vitest'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { flat, invert, largestDifference, multiply, ROUNDING, rows, scatter, transpose } from './matrices.js'

describe('ordinaryLeastSquares', () => {
  it('fits a line through (0, 1), (1, 3), (2, 2) with intercept 1.5, slope 0.5 and residual variance 1.5', () => {
    const fit = ordinaryLeastSquares(Float64Array.of(1, 0, 1, 1, 1, 2), Float64Array.of(1, 3, 2))
    expect(fit.coefficients[0]).toBeCloseTo(1.5, 13)
    expect(fit.coefficients[1]).toBeCloseTo(0.5, 13)
    expect(fit.residualVariance).toBeCloseTo(1.5, 13)
    expect(fit.covariance[3]).toBeCloseTo(0.75, 13)
    expect(fit.rank).toBe(2)
    expect(fit.degreesOfFreedom).toBe(1)
  })

  it('agrees with the normal equations on a well-conditioned design', () => {
    const design = scatter(40 * 5)
    const outcome = scatter(40, 7)
    const x = rows(design, 5)
    const inverse = invert(multiply(transpose(x), x))
    const fit = ordinaryLeastSquares(design, outcome)
    const expected = flat(multiply(inverse, multiply(transpose(x), rows(outcome, 1))))
    expect(largestDifference(fit.coefficients, expected)).toBeLessThan(ROUNDING)
    expect(
      largestDifference(
        fit.covariance,
        flat(inverse).map((value) => value * fit.residualVariance),
      ),
    ).toBeLessThan(ROUNDING)
    expect(largestDifference(ordinaryLeastSquares(design, scatter(40, 8)).coefficients, expected)).toBeGreaterThan(ROUNDING)
  })

  it('scales with the columns: a covariate in units 1e6 times smaller has a coefficient 1e6 times larger', () => {
    const design = scatter(20 * 2)
    const rescaled = design.map((value, index) => (index % 2 ? value * 1e-6 : value))
    const ratio =
      ordinaryLeastSquares(rescaled, scatter(20, 5)).coefficients[1] /
      ordinaryLeastSquares(design, scatter(20, 5)).coefficients[1]
    expect(Math.abs(ratio / 1e6 - 1)).toBeLessThan(ROUNDING)
  })

  it('reports the rank of a design with a repeated column and gives NaN coefficients', () => {
    const design = flat(rows(scatter(12 * 2), 2).map(([a, b]) => [a, b, a - 2 * b]))
    const fit = ordinaryLeastSquares(design, scatter(12, 4))
    expect(fit.rank).toBe(2)
    expect(fit.degreesOfFreedom).toBe(10)
    expect([...fit.coefficients].every(Number.isNaN)).toBe(true)
  })

  it('gives rank and NaN for fewer rows than coefficients, and for a constant zero column', () => {
    expect(ordinaryLeastSquares(Float64Array.of(1, 2, 3, 4, 5, 7), Float64Array.of(1, 2)).rank).toBe(2)
    expect(ordinaryLeastSquares(Float64Array.of(1, 0, 1, 0, 1, 0), Float64Array.of(1, 2, 3)).rank).toBe(1)
  })

  it('gives the coefficients but no covariance when no degree of freedom is left', () => {
    const fit = ordinaryLeastSquares(Float64Array.of(1, 0, 1, 1), Float64Array.of(2, 5))
    expect(fit.coefficients[1]).toBeCloseTo(3, 13)
    expect(fit.residualVariance).toBeNaN()
    expect(fit.covariance[0]).toBeNaN()
  })

  it('ends with NaN, not with a hang, on a value that is not finite', () => {
    const fit = ordinaryLeastSquares(Float64Array.of(1, Number.NaN, 1, 1, 1, 2), Float64Array.of(1, 3, 2))
    expect(fit.rank).toBe(0)
    expect(fit.coefficients[0]).toBeNaN()
  })
})
