import { describe, expect, it } from 'vitest'
import { inverseMillsRatio, logNormalCdf, normalCdf } from '../../../src/numeric/normal-cdf.js'
import { NORMAL_REFERENCE } from './normal-reference.js'

/** Three functions and a sum of up to forty positive terms: some twenty roundings. */
const TOLERANCE = 5e-15
const SMALLEST_NORMAL = 2 ** -1022

const relative = (value: number, truth: number) => Math.abs(value - truth) / Math.max(Math.abs(truth), SMALLEST_NORMAL)

describe('the standard normal distribution function', () => {
  it('its logarithm and the derivative of that agree with 50-digit values from far out on one side to the other', () => {
    for (const [x, cdf, logCdf, ratio] of NORMAL_REFERENCE) {
      expect(relative(normalCdf(x), cdf), `cdf(${x})`).toBeLessThan(TOLERANCE)
      expect(relative(logNormalCdf(x), logCdf), `log cdf(${x})`).toBeLessThan(TOLERANCE)
      expect(relative(inverseMillsRatio(x), ratio), `ratio(${x})`).toBeLessThan(TOLERANCE)
    }
  })
  it('is 0, 1/2 and 1 at -Infinity, 0 and Infinity, with the logarithms and ratios of these', () => {
    expect([-Infinity, 0, Infinity].map(normalCdf)).toEqual([0, 0.5, 1])
    expect([-Infinity, 0, Infinity].map(logNormalCdf).map((value) => Math.exp(value))).toEqual([0, 0.5, 1])
    expect([-Infinity, Infinity].map(inverseMillsRatio)).toEqual([Infinity, 0])
    expect([normalCdf, logNormalCdf, inverseMillsRatio].map((of) => of(Number.NaN))).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
  it('has mirror images that sum to 1, and grows throughout, where the method changes too', () => {
    const sweep = Array.from({ length: 801 }, (_, i) => i / 100 - 4)
    for (const x of sweep) expect(relative(normalCdf(x) + normalCdf(-x), 1)).toBeLessThan(2 ** -52)
    const values = [...sweep, -1 - 1e-14, -1 + 1e-14, 1 - 1e-14, 1 + 1e-14].sort((a, b) => a - b).map(logNormalCdf)
    for (let index = 1; index < values.length; index++) expect(values[index]).toBeGreaterThanOrEqual(values[index - 1])
  })
  it('negative control: the logarithm of a rounded distribution function is told from the logarithm', () => {
    expect(relative(Math.log(1 - normalCdf(-8.3)), logNormalCdf(8.3))).toBeGreaterThan(TOLERANCE)
    expect(relative(Math.log(normalCdf(-38)), logNormalCdf(-38))).toBeGreaterThan(TOLERANCE / 100)
    expect(Math.log(normalCdf(-60))).toBe(-Infinity)
  })
})
