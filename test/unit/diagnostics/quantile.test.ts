import { describe, expect, it } from 'vitest'
import { quantile } from '../../../diagnostics/convergence/quantile.js'
import { UsageError } from '../../../src/errors/usage-error.js'

describe('quantile', () => {
  it('interpolates the order statistics of all chains together', () => {
    const chains = [Float64Array.of(8, 1), Float64Array.of(4, 2)]
    expect([0, 0.25, 0.5, 1].map((probability) => quantile(chains, probability))).toEqual([1, 1.75, 3, 8])
  })
  it('is NaN when a draw is NaN, and infinite only where an infinite draw is reached', () => {
    expect(quantile([Float64Array.of(1, Number.NaN)], 0.5)).toBeNaN()
    expect(quantile([Float64Array.of(1, 2, Infinity)], 0.5)).toBe(2)
    expect(quantile([Float64Array.of(1, 2, Infinity)], 0.75)).toBe(Infinity)
  })
  it('refuses a probability outside [0, 1]', () => {
    expect(() => quantile([Float64Array.of(1)], 95)).toThrow(UsageError)
  })
})
