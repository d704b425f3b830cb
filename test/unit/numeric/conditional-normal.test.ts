import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { conditionalNormal, conditionInPlace } from '../../../src/numeric/conditional-normal.js'
import {
  add,
  flat,
  invert,
  largestDifference,
  multiply,
  positiveDefinite,
  ROUNDING,
  rows,
  scatter,
  transpose,
} from './matrices.js'

const SIZE = 4
const between = positiveDefinite(SIZE)
const within = positiveDefinite(SIZE, 5)
const prior = { mean: scatter(SIZE), covariance: flat(between) }
const observation = { mean: scatter(SIZE, 9), covariance: flat(within) }

describe('conditionalNormal', () => {
  it('of one number is the precision-weighted mean: prior N(0, 4), observation 3 with variance 1', () => {
    const posterior = conditionalNormal(
      { mean: Float64Array.of(0), covariance: Float64Array.of(4) },
      { mean: Float64Array.of(3), covariance: Float64Array.of(1) },
    )
    expect(posterior.mean[0]).toBeCloseTo(2.4, 14)
    expect(posterior.covariance[0]).toBeCloseTo(0.8, 14)
  })

  it('equals the precision form (S^-1 + T^-1)^-1 (S^-1 b + T^-1 mu) when T can be inverted', () => {
    const covariance = invert(add(invert(within), invert(between)))
    const weighted = add(multiply(invert(within), rows(observation.mean, 1)), multiply(invert(between), rows(prior.mean, 1)))
    const posterior = conditionalNormal(prior, observation)
    expect(largestDifference(posterior.mean, flat(multiply(covariance, weighted)))).toBeLessThan(ROUNDING)
    expect(largestDifference(posterior.covariance, flat(covariance))).toBeLessThan(ROUNDING)
    const exchanged = conditionalNormal({ ...prior, covariance: flat(within) }, { ...observation, covariance: flat(between) })
    expect(largestDifference(posterior.mean, exchanged.mean)).toBeGreaterThan(ROUNDING)
  })

  it('returns the prior mean where the prior variance is zero', () => {
    const singular = { mean: Float64Array.of(1, 2), covariance: Float64Array.of(0, 0, 0, 4) }
    const posterior = conditionalNormal(singular, { mean: Float64Array.of(5, 7), covariance: Float64Array.of(1, 0, 0, 4) })
    expect([...posterior.mean]).toEqual([1, 4.5])
    expect([...posterior.covariance]).toEqual([0, 0, 0, 2])
  })

  it('refuses two singular covariances', () => {
    const point = { mean: Float64Array.of(1), covariance: Float64Array.of(0) }
    expect(() => conditionalNormal(point, point)).toThrow(RunError)
  })
})

describe('conditionInPlace', () => {
  it('gives the conditional mean from mu and b - mu, also for one of several error covariances', () => {
    const value = Float64Array.from(prior.mean)
    const residual = observation.mean.map((b, index) => b - prior.mean[index])
    const errors = Float64Array.of(...scatter(SIZE * SIZE), ...observation.covariance)
    expect(conditionInPlace(value, residual, prior.covariance, errors, new Float64Array(SIZE * SIZE), SIZE * SIZE)).toBe(true)
    expect(largestDifference(value, conditionalNormal(prior, observation).mean)).toBeLessThan(ROUNDING)
  })

  it('turns joint draws into conditional draws: the linear map has the conditional covariance', () => {
    const gain = multiply(between, invert(add(between, within)))
    const keep = gain.map((row, i) => row.map((value, j) => (i === j ? 1 : 0) - value))
    const columnOf = (unit: number, isError: boolean) => {
      const value = new Float64Array(SIZE)
      const residual = new Float64Array(SIZE)
      if (!isError) value[unit] = 1
      residual[unit] = -1
      conditionInPlace(value, residual, prior.covariance, observation.covariance, new Float64Array(SIZE * SIZE))
      return [...value]
    }
    const units = [0, 1, 2, 3]
    const fromPrior = transpose(units.map((unit) => columnOf(unit, false)))
    const fromError = transpose(units.map((unit) => columnOf(unit, true)))
    expect(largestDifference(flat(fromPrior), flat(keep))).toBeLessThan(ROUNDING)
    const covariance = add(
      multiply(multiply(fromPrior, between), transpose(fromPrior)),
      multiply(multiply(fromError, within), transpose(fromError)),
    )
    expect(largestDifference(flat(covariance), conditionalNormal(prior, observation).covariance)).toBeLessThan(ROUNDING)
  })

  it('returns false and keeps the value when S + T is not positive definite', () => {
    const value = Float64Array.of(1)
    expect(conditionInPlace(value, Float64Array.of(1), Float64Array.of(0), Float64Array.of(0), new Float64Array(1))).toBe(false)
    expect(value[0]).toBe(1)
  })
})
