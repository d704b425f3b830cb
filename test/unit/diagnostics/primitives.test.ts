import { describe, expect, it } from 'vitest'
import { ascendingOrder } from '../../../diagnostics/convergence/primitives/ascending-order.js'
import { meanAutocovariance } from '../../../diagnostics/convergence/primitives/autocovariance.js'
import { betaQuantile } from '../../../diagnostics/convergence/primitives/beta-quantile.js'
import { chainLength } from '../../../diagnostics/convergence/primitives/chains.js'
import { fourierTransform } from '../../../diagnostics/convergence/primitives/fourier.js'
import { generalisedParetoShape } from '../../../diagnostics/convergence/primitives/generalised-pareto-shape.js'
import { isAssessable } from '../../../diagnostics/convergence/primitives/is-assessable.js'
import { mean, variance } from '../../../diagnostics/convergence/primitives/moments.js'
import { rankNormalise } from '../../../diagnostics/convergence/primitives/rank-normalise.js'
import { sortedMedian, sortedQuantile } from '../../../diagnostics/convergence/primitives/sorted-quantile.js'
import { splitChains } from '../../../diagnostics/convergence/primitives/split-chains.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { normalQuantile } from '../../../src/numeric/normal-quantile.js'
import { simulatedChains } from './simulated-chains.js'

describe('fourierTransform', () => {
  it.each([1, 2, 8, 64])('is the sum over exp(-2 pi i j k / n) for n = %i', (length) => {
    const [real, imaginary] = simulatedChains(`fourier ${length}`, 2, length)
    const transformed = [real.slice(), imaginary.slice()]
    fourierTransform(transformed[0], transformed[1])
    // Rounding of a transform grows as log n ulp of the norm; the direct sum as n.
    const tolerance = 1e-15 * length * Math.hypot(...real, ...imaginary)
    for (let k = 0; k < length; k++) {
      let re = 0
      let im = 0
      for (let j = 0; j < length; j++) {
        const angle = (-2 * Math.PI * ((j * k) % length)) / length
        re += real[j] * Math.cos(angle) - imaginary[j] * Math.sin(angle)
        im += real[j] * Math.sin(angle) + imaginary[j] * Math.cos(angle)
      }
      expect(Math.abs(transformed[0][k] - re)).toBeLessThanOrEqual(tolerance)
      expect(Math.abs(transformed[1][k] - im)).toBeLessThanOrEqual(tolerance)
    }
  })
})

describe('meanAutocovariance', () => {
  it.each([1, 2, 3, 4])('equals the direct sums for %i chains of unequal scale', (chainCount) => {
    const chains = simulatedChains('autocovariance', chainCount, 37, 0.6).map((chain, index) =>
      chain.map((value) => 10 ** index * value + 5),
    )
    const result = meanAutocovariance(chains)
    const direct = Float64Array.from({ length: 37 }, (_, lag) => mean(chains.map((chain) => directAutocovariance(chain, lag))))
    result.forEach((value, lag) => {
      expect(Math.abs(value - direct[lag])).toBeLessThan(1e-13 * direct[0])
    })
  })
})

function directAutocovariance(chain: Float64Array, lag: number): number {
  const centre = mean(chain)
  let sum = 0
  for (let draw = 0; draw + lag < chain.length; draw++) sum += (chain[draw] - centre) * (chain[draw + lag] - centre)
  return sum / chain.length
}

describe('mean and variance', () => {
  it('are exact for small whole numbers', () => {
    expect(mean([1, 2, 3, 6])).toBe(3)
    expect(variance([1, 2, 3, 6])).toBe(14 / 3)
  })
  it('keep their accuracy under a large offset', () => {
    const values = [0, 1, 2, 3, 4].map((value) => 1e15 + value)
    expect(mean(values)).toBe(1e15 + 2)
    expect(variance(values)).toBe(2.5)
  })
  it('are NaN where they are not defined', () => {
    expect(mean([])).toBeNaN()
    expect(variance([1])).toBeNaN()
  })
})

describe('sortedQuantile', () => {
  it('interpolates the order statistics at 1 + (n - 1) p', () => {
    const sorted = Float64Array.of(1, 2, 4, 8)
    expect(sortedQuantile(sorted, 0)).toBe(1)
    expect(sortedQuantile(sorted, 0.5)).toBe(3)
    expect(sortedQuantile(sorted, 0.75)).toBe(5)
    expect(sortedQuantile(sorted, 1)).toBe(8)
    expect(sortedMedian(sorted)).toBe(3)
  })
  it('is NaN without values or with a NaN among them', () => {
    for (const quantile of [sortedMedian, (sorted: Float64Array) => sortedQuantile(sorted, 0.25)]) {
      expect(quantile(new Float64Array(0))).toBeNaN()
      expect(quantile(Float64Array.of(1, Number.NaN))).toBeNaN()
      expect(quantile(Float64Array.of(1, 2, Number.NaN))).toBeNaN()
    }
  })
})

describe('splitChains', () => {
  it('gives all first halves, then all second halves', () => {
    expect(splitChains([Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8)]).map((half) => [...half])).toEqual([
      [1, 2],
      [5, 6],
      [3, 4],
      [7, 8],
    ])
  })
  it('leaves out the middle draw of an odd length', () => {
    expect(splitChains([Float64Array.of(1, 2, 3, 4, 5)]).map((half) => [...half])).toEqual([
      [1, 2],
      [4, 5],
    ])
  })
  it('leaves a chain of one draw whole', () => {
    expect(splitChains([Float64Array.of(1)]).map((half) => [...half])).toEqual([[1]])
  })
})

describe('chainLength', () => {
  it('refuses chains of unequal length, naming the chain', () => {
    expect(() => chainLength([new Float64Array(3), new Float64Array(2)])).toThrow(UsageError)
    expect(() => chainLength([new Float64Array(3), new Float64Array(2)])).toThrow(/chain 2 has 2 draws and chain 1 has 3/)
  })
})

describe('isAssessable', () => {
  it('wants finite draws that are not all equal', () => {
    expect(isAssessable([Float64Array.of(1, 1), Float64Array.of(1, 2)])).toBe(true)
    expect(isAssessable([Float64Array.of(1, 1), Float64Array.of(1, 1)])).toBe(false)
    expect(isAssessable([Float64Array.of(1, Number.NaN)])).toBe(false)
    expect(isAssessable([Float64Array.of(1, Infinity)])).toBe(false)
    expect(isAssessable([])).toBe(false)
  })
})

describe('rankNormalise', () => {
  it('gives Phi^-1((rank - 3/8) / (S + 1/4)), ties their mean rank', () => {
    const z = rankNormalise([Float64Array.of(10, -1), Float64Array.of(3, 3)])
    const score = (rank: number) => normalQuantile((rank - 0.375) / 4.25)
    expect(z.map((chain) => [...chain])).toEqual([
      [score(4), score(1)],
      [score(2.5), score(2.5)],
    ])
  })
  it('counts negative and positive zero as a tie and infinities by rank', () => {
    const [z] = rankNormalise([Float64Array.of(0, -0, Infinity, -Infinity)])
    expect(z[0]).toBe(z[1])
    expect(z[2]).toBe(-z[3])
  })
  it('is NaN throughout when one draw is NaN', () => {
    expect([...rankNormalise([Float64Array.of(1, Number.NaN), Float64Array.of(2, 3)])].flatMap((chain) => [...chain])).toEqual(
      new Array(4).fill(Number.NaN),
    )
  })
})

describe('betaQuantile', () => {
  it('inverts the closed forms p, p^(1/a) and 1 - (1 - p)^(1/b)', () => {
    for (const p of [0.001, 0.1586553, 0.5, 0.8413447, 0.999]) {
      expect(betaQuantile(p, 1, 1)).toBeCloseTo(p, 14)
      expect(betaQuantile(p, 7.5, 1)).toBeCloseTo(p ** (1 / 7.5), 13)
      expect(betaQuantile(p, 1, 300)).toBeCloseTo(1 - (1 - p) ** (1 / 300), 13)
    }
  })
  it('is one half at the median of a symmetric distribution, however concentrated', () => {
    for (const shape of [1, 2.5, 40, 1e4, 1e6]) expect(betaQuantile(0.5, shape, shape)).toBeCloseTo(0.5, 12)
  })
  it('is NaN for a shape that is not finite', () => {
    expect(betaQuantile(0.5, Number.NaN, 2)).toBeNaN()
  })
})

describe('generalisedParetoShape', () => {
  it.each([-0.3, 0.2, 0.7, 1.2])('recovers shape %f from its own quantiles, drawn towards 0.5 by ten observations', (shape) => {
    const count = 2000
    const quantiles = Float64Array.from({ length: count }, (_, index) => ((1 - (index + 0.5) / count) ** -shape - 1) / shape)
    // Asymptotic standard error of the shape is (1 + k) / sqrt(n); quantiles in place of a sample keep within one of it.
    const standardError = (1 + Math.abs(shape)) / Math.sqrt(count)
    expect(Math.abs(generalisedParetoShape(quantiles) - (shape * count + 5) / (count + 10))).toBeLessThan(standardError)
  })
  it('is NaN when the lower quartile equals the minimum', () => {
    expect(generalisedParetoShape(Float64Array.of(1, 1, 1, 1, 1, 2, 3))).toBeNaN()
  })
})

describe('ascendingOrder', () => {
  it.each([0, 1, 2, 5, 100])('orders %i values, equal ones as they come', (count) => {
    const values = Float64Array.from({ length: count }, (_, index) => (index * 7) % 10)
    const expected = Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b)
    expect([...ascendingOrder(values)]).toEqual(expected)
  })
})
