import { describe, expect, it } from 'vitest'
import { eBfmi } from '../../../diagnostics/convergence/e-bfmi.js'
import { simulatedChains } from './simulated-chains.js'

describe('eBfmi', () => {
  it('is the sum of squared changes over the sum of squared deviations, by hand', () => {
    expect(eBfmi([Float64Array.of(1, 2, 4)])[0]).toBeCloseTo(5 / (42 / 9), 14)
  })
  it.each([0, 0.5, 0.9])('is 2 (1 - phi) for autoregressive energies with phi = %f, chain by chain', (phi) => {
    const drawCount = 10_000
    const values = eBfmi(simulatedChains(`energy ${phi}`, 3, drawCount, phi))
    // The first autocorrelation has standard error sqrt((1 - phi^2) / N).
    const tolerance = 4 * 2 * Math.sqrt((1 - phi ** 2) / drawCount)
    expect(values).toHaveLength(3)
    for (const value of values) expect(Math.abs(value - 2 * (1 - phi))).toBeLessThan(tolerance)
  })
  it('is NaN for energies that are constant or not finite, for that chain only', () => {
    const [good] = simulatedChains('energy', 1, 100)
    const values = eBfmi([good, new Float64Array(100).fill(3), Float64Array.of(1, Number.NaN, 2), Float64Array.of(1)])
    expect(values[0]).toBeGreaterThan(1)
    expect(values.slice(1)).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
})
