import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { normalQuantile } from '../../../src/numeric/normal-quantile.js'
import { tabulatedDistribution } from '../../../src/numeric/tabulated-distribution.js'

/** Cells are 18 / 256 standard deviations wide and the fourth derivative of the density at most 1.2: (0.07)^4 1.2 / 2880 a cell, 1e-8 in probability. */
const QUADRATURE = 1e-7

describe('tabulatedDistribution', () => {
  it.each([
    ['wide', 3, 20],
    ['so narrow that a first scan falls between', 1e-4, 0.123],
  ])('has the normalisation and the quantiles of a normal density, %s', (_, sd, mean) => {
    const table = tabulatedDistribution((x) => 5 - ((x - mean) / sd) ** 2 / 2, [-200, 200])
    expect(table.logNormalisation).toBeCloseTo(5 + Math.log(sd * Math.sqrt(2 * Math.PI)), 7)
    for (const probability of [1e-6, 0.025, 0.3, 0.5, 0.975, 1 - 1e-6]) {
      const z = normalQuantile(probability)
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
      expect(Math.abs((table.quantile(probability) - mean) / sd - z)).toBeLessThan(QUADRATURE / density)
    }
  })
  it('gives both modes of a mixture their share', () => {
    const table = tabulatedDistribution(
      (x) => Math.log(0.25 * Math.exp(-((x + 4) ** 2) / 2) + 0.75 * Math.exp(-((x - 4) ** 2) / 2)),
      [-60, 60],
    )
    expect(table.quantile(0.25)).toBeGreaterThan(-1)
    expect(table.quantile(0.24)).toBeLessThan(-1.5)
    expect(table.quantile(0.26)).toBeGreaterThan(1.5)
  })
  it('has quantiles that rise with probability', () => {
    const table = tabulatedDistribution((x) => 3 * x - 5 * Math.exp(x), [-80, 80])
    const quantiles = Array.from({ length: 999 }, (_, index) => table.quantile((index + 1) / 1000))
    expect(quantiles.every((value, index) => index === 0 || value > quantiles[index - 1])).toBe(true)
  })
  it('refuses a density that has not died away, and one that is 0 everywhere', () => {
    expect(() => tabulatedDistribution((x) => -x / 10, [0, 50])).toThrow(RunError)
    expect(() => tabulatedDistribution(() => Number.NEGATIVE_INFINITY, [0, 50])).toThrow(RunError)
  })
})
