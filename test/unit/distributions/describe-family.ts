import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Prior } from '../../../src/contract/distribution.js'
import { stream } from '../../../src/random/stream.js'
import { isRejected } from '../random/kolmogorov-smirnov.js'
import { float64 } from './float64.js'

export interface UnivariateCase {
  readonly prior: Prior
  /** Points and log densities: mpmath 1.3.0 at 40 digits, from the textbook formula. */
  readonly reference: readonly (readonly [point: number, logDensity: number])[]
  /** Distribution function in closed form. */
  readonly cdf: (x: number) => number
  /** An interval over which the density is integrated. */
  readonly interval: readonly [number, number]
  /** A slightly different prior that both the integral and the draws must give away. */
  readonly wrong: Prior
}

/** Constants carry 1e-14 from log gamma, the rest some tens of roundings. */
const tolerance = (expected: number): number => 2e-14 + 40 * Number.EPSILON * Math.abs(expected)
const DRAW_COUNT = 20_000
const INTERVAL_COUNT = 2000

/** Specification of a univariate family: density against reference values and against the distribution function, draws against the latter. */
export function describeFamily(title: string, { prior, reference, cdf, interval, wrong }: UnivariateCase): void {
  describe(title, () => {
    it.each(reference)('has at %d the log density %d', (point, expected) => {
      expect(Math.abs(logDensity(prior, Float64Array.of(point))[0] - expected)).toBeLessThan(tolerance(expected))
    })

    it('has a density that integrates to the distribution function', () => {
      const [from, to] = interval
      const expected = cdf(to) - cdf(from)
      expect(Math.abs(integral(prior, from, to) - expected)).toBeLessThan(simpsonTolerance(prior, from, to))
      expect(Math.abs(integral(wrong, from, to) - expected)).toBeGreaterThan(100 * simpsonTolerance(prior, from, to))
    })

    it('draws from that distribution', () => {
      expect(isRejected(draws(prior), cdf)).toBe(false)
      expect(isRejected(draws(wrong), cdf)).toBe(true)
    })
  })
}

function logDensity(prior: Prior, points: Float64Array): Float64Array {
  return float64([[points.length]], (x) =>
    prior.distribution.logProbability(
      x,
      prior.arguments.map((value) => tf.scalar(value as number)),
    ),
  )(points)
}

/** Simpson's rule. */
function integral(prior: Prior, from: number, to: number, intervals = INTERVAL_COUNT): number {
  const width = (to - from) / intervals
  const points = Float64Array.from({ length: intervals + 1 }, (_, i) => from + i * width)
  const weight = (i: number): number => (i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2)
  return logDensity(prior, points).reduce((sum, value, i) => sum + (weight(i) * width * Math.exp(value)) / 3, 0)
}

/** Richardson's estimate of the error, from half as many intervals; the rounding of a sum of that many terms. */
function simpsonTolerance(prior: Prior, from: number, to: number): number {
  const coarse = integral(prior, from, to, INTERVAL_COUNT / 2)
  return Math.abs(coarse - integral(prior, from, to)) + INTERVAL_COUNT * Number.EPSILON
}

function draws(prior: Prior): Float64Array {
  const values = prior.arguments.map((value) => Float64Array.of(value as number))
  return prior.distribution.draw(stream(11, prior.distribution.name, 'draws'), [DRAW_COUNT], values)
}
