import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { dirichlet } from '../../../src/distributions/dirichlet.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { incompleteBeta } from '../../../src/numeric/incomplete-beta.js'
import { stream } from '../../../src/random/stream.js'
import { isRejected } from '../random/kolmogorov-smirnov.js'
import { float64 } from './float64.js'
import { totalProbability } from './total-probability.js'

const concentration = [2, 3, 0.5]

describe('dirichlet', () => {
  it('has at (y1, y2, y3) the density y1 y2^2 / sqrt(y3) / B(2, 3, 0.5), B = Gamma(2) Gamma(3) Gamma(0.5) / Gamma(5.5)', () => {
    const { distribution } = dirichlet(concentration)
    const logDensity = float64([[2, 3]], (y) => distribution.logProbability(y, [tf.tensor1d(concentration)]))
    const points = [
      [0.2, 0.3, 0.5],
      [1e-9, 0.75, 0.25 - 1e-9],
    ]
    const gamma5AndHalf = 4.5 * 3.5 * 2.5 * 1.5 * 0.5 * Math.sqrt(Math.PI)
    const expected = points.map(
      ([a, b, c]) => Math.log((a * b * b) / Math.sqrt(c)) + Math.log(gamma5AndHalf / (2 * Math.sqrt(Math.PI))),
    )
    logDensity(Float64Array.from(points.flat())).forEach((value, i) => {
      // Constants carry 1e-14 from log gamma.
      expect(Math.abs(value - expected[i])).toBeLessThan(5e-14)
    })
  })

  it.each([[[2, 3, 1.5]], [[1, 1, 1]]])('integrates to 1 over the simplex with concentration %j', (values) => {
    const { distribution } = dirichlet(values)
    const total = totalProbability(distribution, [3], [tf.tensor1d(values)], { limit: 45, step: 0.5 })
    // Poles at i pi make the trapezoidal error about exp(-2 pi^2 / 0.5) = 1e-17; what lies beyond the limit is less.
    expect(Math.abs(total.withJacobian - 1)).toBeLessThan(1e-9)
    expect(Math.abs(total.withoutJacobian - 1)).toBeGreaterThan(0.1)
  })

  it('gives one concentration for all parts the density of as many equal ones', () => {
    const y = Float64Array.of(0.1, 0.2, 0.3, 0.4)
    const one = float64([[4]], (value) => dirichlet(0.7, { shape: [4] }).distribution.logProbability(value, [tf.scalar(0.7)]))
    const four = float64([[4]], (value) => dirichlet([0.7, 0.7, 0.7, 0.7]).distribution.logProbability(value, [tf.scalar(0.7)]))
    expect(Math.abs(one(y)[0] - four(y)[0])).toBeLessThan(5e-14)
  })

  it('draws parts that are Beta(a_i, sum of the others)', () => {
    const count = 20_000
    const draws = dirichlet(concentration).distribution.draw(
      stream(2, 'dirichlet'),
      [count, 3],
      [Float64Array.from(concentration)],
    )
    for (const [part, alpha] of concentration.entries()) {
      const sample = Float64Array.from({ length: count }, (_, i) => draws[3 * i + part])
      expect(isRejected(sample, (x) => incompleteBeta(x, alpha, 5.5 - alpha))).toBe(false)
      expect(isRejected(sample, (x) => incompleteBeta(x, alpha * 1.15, 5.5 - alpha))).toBe(true)
    }
  })

  it('takes its shape from the concentration', () => {
    expect(dirichlet([1, 2, 3]).shape).toEqual([3])
    expect(dirichlet([1, 2, 3], { shape: [5, 3] }).shape).toEqual([5, 3])
  })

  it.each([
    ['a concentration of 0', () => dirichlet([1, 0])],
    ['no shape', () => dirichlet(1)],
    ['one part', () => dirichlet([1])],
    ['concentrations that do not fit', () => dirichlet([1, 2], { shape: [3] })],
  ])('refuses %s', (_, build) => {
    expect(build).toThrow(UsageError)
  })
})
