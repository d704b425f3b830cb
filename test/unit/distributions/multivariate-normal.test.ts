import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { multivariateNormal } from '../../../src/distributions/multivariate-normal.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { stream } from '../../../src/random/stream.js'
import { isRejected } from '../random/kolmogorov-smirnov.js'
import { float64 } from './float64.js'

const mean = [1, -1]
const covariance = [
  [2, 0.6],
  [0.6, 0.5],
]

/** (y - mean)' S^-1 (y - mean) by the inverse of a 2 x 2 matrix. */
function squaredDistance([a, b]: readonly number[], [[p, q], [, r]]: readonly (readonly number[])[] = covariance): number {
  const [x, y] = [a - mean[0], b - mean[1]]
  return (r * x * x - 2 * q * x * y + p * y * y) / (p * r - q * q)
}

const points = [
  [1, -1],
  [0, 3],
  [-40, 25],
]
const expected = points.map((point) => -0.5 * squaredDistance(point) - Math.log(2 * Math.PI) - 0.5 * Math.log(2 * 0.5 - 0.36))
/** Condition number of the covariance about 10. */
const tolerance = (value: number): number => 100 * Number.EPSILON * Math.max(1, Math.abs(value))

describe('multivariateNormal', () => {
  it('has the textbook density for a constant covariance', () => {
    const { distribution } = multivariateNormal(mean, covariance, { shape: [3, 2] })
    const logDensity = float64([[3, 2]], (y) => distribution.logProbability(y, [tf.tensor1d(mean)]))
    logDensity(Float64Array.from(points.flat())).forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(tolerance(expected[i]))
    })
  })

  it('has the same density for a covariance that depends on parameters', () => {
    const { distribution } = multivariateNormal('mu', 'Sigma', { shape: [2] })
    const logDensity = float64([[2]], (y) => distribution.logProbability(y, [tf.tensor1d(mean), tf.tensor2d(covariance)]))
    points.forEach((point, i) => {
      expect(Math.abs(logDensity(Float64Array.from(point))[0] - expected[i])).toBeLessThan(tolerance(expected[i]))
    })
  })

  it.each([
    ['a constant covariance', multivariateNormal(mean, covariance).distribution, 1],
    ['one that depends on parameters', multivariateNormal('mu', 'Sigma', { shape: [2] }).distribution, 2],
  ])('draws, with %s, points whose squared distance is exponential with mean 2', (_, distribution, argumentCount) => {
    const count = 20_000
    const values = [Float64Array.from(mean), Float64Array.from(covariance.flat())].slice(0, argumentCount)
    expect(distribution.argumentNames).toEqual(['mean', 'covariance'].slice(0, argumentCount))
    const source = stream(5, 'multivariate-normal')
    const draws = Array.from({ length: count }, () => Array.from(distribution.draw(source, [2], values)))
    const cdf = (distance: number): number => 1 - Math.exp(-distance / 2)
    const sample = draws.map((draw) => squaredDistance(draw))
    expect(isRejected(sample, cdf)).toBe(false)
    const wrong = draws.map((draw) =>
      squaredDistance(draw, [
        [2, 0.4],
        [0.4, 0.5],
      ]),
    )
    expect(isRejected(wrong, cdf)).toBe(true)
  })

  it('draws every vector of a batch around its own mean', () => {
    const { distribution } = multivariateNormal(0, [1e-18], { shape: [3, 1] })
    const draws = distribution.draw(stream(1), [3, 1], [Float64Array.of(1, 2, 3)])
    expect(Array.from(draws, Math.round)).toEqual([1, 2, 3])
  })

  it('takes its shape from the covariance', () => {
    expect(multivariateNormal(0, covariance).shape).toEqual([2])
    expect(multivariateNormal(0, covariance.flat()).shape).toEqual([2])
  })

  it.each([
    ['not symmetric', () => multivariateNormal(0, [1, 0.1, 0.2, 1])],
    ['not positive definite', () => multivariateNormal(0, [1, 2, 2, 1])],
    ['not of the length of the parameter', () => multivariateNormal(0, covariance, { shape: [3] })],
    ['not square', () => multivariateNormal(0, [1, 2, 3])],
  ])('refuses a covariance that is %s', (_, build) => {
    expect(build).toThrow(UsageError)
  })
})
