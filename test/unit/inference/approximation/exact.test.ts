import { describe, expect, it } from 'vitest'
import type { Approximation } from '../../../../src/inference/approximation/approximation.js'
import { finished } from '../../../../src/inference/approximation/steps.js'
import { fullRank } from '../../../../src/inference/full-rank.js'
import { laplace } from '../../../../src/inference/laplace.js'
import { meanField } from '../../../../src/inference/mean-field.js'
import { pathfinder } from '../../../../src/inference/pathfinder.js'
import { diagonalOf, exactLogDensity, illScaledPrecision, jobFor, normalDensity, pointsAround } from './support.js'

const mean = [0, 1, -2, 3]
const precision = illScaledPrecision(4)
const target = normalDensity(mean, precision)
const points = pointsAround(mean, 20, 0.1)

/** Largest relative difference of two log densities over points around the mean. */
function gap(approximation: Approximation, exact: (position: Float64Array) => number): number {
  return Math.max(...points.map((x) => Math.abs(approximation.logDensity(x) - exact(x)) / (1 + Math.abs(exact(x)))))
}

/** An L-BFGS or Newton end within 1e-3 of a nat, and central differences to 1e-8, leave this much. */
const END_OF_CLIMB = 1e-3
/** Central differences of a linear gradient err by rounding alone: 1e-16 / 1e-4, with a condition number of 1e3. */
const ROUNDING = 1e-8

describe('for a correlated normal density', () => {
  it('Laplace is exact, normalising constant included', () => {
    const { approximation, doubts } = finished(laplace(jobFor(target)))
    expect(gap(approximation, exactLogDensity(mean, precision))).toBeLessThan(ROUNDING)
    expect(doubts).toEqual([])
  })
  it('full-rank variational inference is exact', () => {
    const { approximation, doubts } = finished(fullRank(jobFor(target)))
    expect(gap(approximation, exactLogDensity(mean, precision))).toBeLessThan(END_OF_CLIMB)
    expect(doubts).toEqual([])
  })
  it('mean-field variational inference has exact means and variances 1 / P_ii, which is not the density itself', () => {
    const { approximation, doubts } = finished(meanField(jobFor(target)))
    expect(gap(approximation, exactLogDensity(mean, diagonalOf(precision, 4)))).toBeLessThan(END_OF_CLIMB)
    expect(gap(approximation, exactLogDensity(mean, precision))).toBeGreaterThan(10 * END_OF_CLIMB)
    expect(doubts).toEqual([])
  })
})

describe.each(Object.entries({ laplace, meanField, fullRank, pathfinder }))('%s', (_, algorithm) => {
  it('gives the same bits for the same seed and others for another', () => {
    const [first, second, third] = [1, 1, 2].map((seed) =>
      finished(algorithm(jobFor(normalDensity([0.5, -0.5], new Float64Array([2, 1, 1, 3])), seed))),
    )
    const at = new Float64Array([0.3, 0.7])
    expect(second.approximation.logDensity(at)).toBe(first.approximation.logDensity(at))
    expect(second.gradientCount).toBe(first.gradientCount)
    expect(third.approximation.logDensity(at)).not.toBe(first.approximation.logDensity(at))
  })
  it('counts every evaluation of the log density', () => {
    let calls = 0
    const inner = normalDensity([0.5, -0.5], new Float64Array([2, 1, 1, 3]))
    const watched = {
      dimension: 2,
      valueAndGradient(position: Float64Array, gradient: Float64Array) {
        calls++
        return inner.valueAndGradient(position, gradient)
      },
    }
    expect(finished(algorithm(jobFor(watched))).gradientCount).toBe(calls)
  })
  it('throws RunError when the log density is finite nowhere', () => {
    for (const value of [Number.NaN, Number.NEGATIVE_INFINITY])
      expect(() => finished(algorithm(jobFor({ dimension: 2, valueAndGradient: () => value })))).toThrow(
        /No starting point found/,
      )
  })
  it('starts on the finite side of a density that is -Infinity or NaN elsewhere, and stays there', () => {
    for (const outside of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      /** x ~ Gamma(50, 10), not transformed to the line. */
      const gamma = {
        dimension: 1,
        valueAndGradient([x]: Float64Array, gradient: Float64Array) {
          gradient[0] = 49 / x - 10
          return x > 0 ? 49 * Math.log(x) - 10 * x : outside
        },
      }
      const draws = new Float64Array(1)
      const { approximation } = finished(algorithm(jobFor(gamma)))
      approximation.draw(jobFor(gamma).streamFor('draw', 0), draws)
      expect(draws[0]).toBeGreaterThan(0)
      expect(Math.abs(draws[0] - 5)).toBeLessThan(5)
    }
  })
  it('throws RunError for a density that rises without end, and for one that is constant', () => {
    const rising = {
      dimension: 2,
      valueAndGradient([x, y]: Float64Array, gradient: Float64Array) {
        gradient.set([1, -y])
        return x - 0.5 * y * y
      },
    }
    const constant = {
      dimension: 2,
      valueAndGradient(_: Float64Array, gradient: Float64Array) {
        gradient.fill(0)
        return 0
      },
    }
    for (const improper of [rising, constant]) expect(() => finished(algorithm(jobFor(improper)))).toThrow(/improper/)
  })
})

describe('for a density that is flat in one direction', () => {
  const flatInY = {
    dimension: 2,
    valueAndGradient([x]: Float64Array, gradient: Float64Array) {
      gradient.set([-x, 0])
      return -0.5 * x * x
    },
  }
  it.each(Object.entries({ laplace, meanField, fullRank }))(
    '%s throws RunError that says the density may be improper',
    (_, algorithm) => {
      expect(() => finished(algorithm(jobFor(flatInY)))).toThrow(/improper/)
    },
  )
})
