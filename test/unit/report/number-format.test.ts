import { describe, expect, it } from 'vitest'
import {
  decimalsFor,
  formatCount,
  formatInterval,
  formatNumber,
  formatProbability,
  formatShare,
  formatSignificant,
  probabilityInWords,
} from '../../../src/report/number-format.js'

describe('decimalsFor', () => {
  it.each([
    [12, 0],
    [3.1, 0],
    [1.24, 1],
    [0.51, 1],
    [0.29, 2],
    [0.069, 2],
    [1e-9, 6],
  ])('for a standard error of %d is %i', (standardError, decimals) => {
    expect(decimalsFor(standardError)).toBe(decimals)
  })

  it('keeps the rounding error within a sixth of the standard error, and one decimal fewer would not', () => {
    for (let standardError = 0.001; standardError < 3; standardError *= 1.07) {
      const decimals = decimalsFor(standardError)
      expect(0.5 * 10 ** -decimals).toBeLessThanOrEqual(standardError / 6 + Number.EPSILON)
      expect(0.5 * 10 ** (1 - decimals)).toBeGreaterThan(standardError / 6)
    }
  })

  it('is 2 without a usable standard error', () => {
    expect([0, Number.NaN, Number.POSITIVE_INFINITY].map(decimalsFor)).toEqual([2, 2, 2])
  })
})

describe('numbers in words', () => {
  it('have a true minus sign and no negative zero', () => {
    expect([formatNumber(-1.25, 1), formatNumber(-0.04, 1), formatNumber(2, 2)]).toEqual(['−1.3', '0.0', '2.00'])
    expect(formatInterval({ lower: -2, upper: 3.14 }, 1)).toBe('−2.0 to 3.1')
    expect(formatSignificant(-12345)).toBe('−12300')
  })

  it('are a dash when they are not finite', () => {
    expect([
      formatNumber(Number.NaN, 1),
      formatProbability(Number.NaN),
      formatShare(Number.NaN),
      formatCount(Number.NaN),
      formatSignificant(Number.NaN),
    ]).toEqual(new Array(5).fill('–'))
  })

  it('never round a probability to 0 or 1', () => {
    expect([0, 0.0004, 0.004, 0.123, 0.996, 1].map(formatProbability)).toEqual([
      '< 0.001',
      '< 0.001',
      '0.004',
      '0.12',
      '0.996',
      '> 0.999',
    ])
    expect(probabilityInWords(1)).toBe('more than 0.999')
  })

  it('show small shares of patients with a decimal', () => {
    expect([0, 0.004, 0.123, 0.996, 1].map(formatShare)).toEqual(['0%', '0.4%', '12%', '99.6%', '100%'])
    expect(formatCount(1234567)).toBe('1\u202f234\u202f567')
  })
})
