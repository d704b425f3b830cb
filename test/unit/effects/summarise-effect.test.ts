import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { summariseEffect } from '../../../src/effects/summarise-effect.js'

const options = { target: 'average', chainCount: 1, better: 'higher', smallestImportantEffect: 0 } as const

function uniformDraws(count: number, seed: string): Float64Array {
  const uniform = seedrandom(seed)
  return Float64Array.from({ length: count }, () => uniform())
}

describe('summariseEffect', () => {
  it('gives mean, SD with n - 1, median and type 7 quantiles', () => {
    const summary = summariseEffect(Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8]), options)
    expect(summary).toMatchObject({ target: 'average', mean: 4.5, median: 4.5 })
    expect(summary.sd).toBeCloseTo(Math.sqrt(6), 14)
    expect(summary.lower).toBeCloseTo(1 + 7 * 0.025, 14)
    expect(summary.upper).toBeCloseTo(1 + 7 * 0.975, 14)
  })

  it('counts draws strictly beyond zero, and beyond the smallest important effect, in the good direction', () => {
    const draws = Float64Array.from([-3, -2, -1, 0, 1, 2, 3, 4])
    const higher = summariseEffect(draws, { ...options, smallestImportantEffect: 2 })
    expect([higher.probabilityBenefit, higher.probabilityImportant]).toEqual([4 / 8, 2 / 8])
    const lower = summariseEffect(draws, { ...options, better: 'lower', smallestImportantEffect: 2 })
    expect([lower.probabilityBenefit, lower.probabilityImportant]).toEqual([3 / 8, 1 / 8])
  })

  it('mirrors everything when the sign and the direction of benefit are both turned', () => {
    const draws = uniformDraws(501, 'mirror').map((draw) => draw - 0.3)
    const one = summariseEffect(draws, { ...options, smallestImportantEffect: 0.2 })
    const other = summariseEffect(
      draws.map((draw) => -draw),
      { ...options, better: 'lower', smallestImportantEffect: 0.2 },
    )
    expect(other.probabilityBenefit).toBe(one.probabilityBenefit)
    expect(other.probabilityImportant).toBe(one.probabilityImportant)
    expect(other.lower).toBeCloseTo(-one.upper, 14)
    expect(other.mcse).toBeCloseTo(one.mcse, 12)
  })

  it('leaves the draws as they are and keeps the study', () => {
    const draws = Float64Array.from([3, 1, 2, 5, 4, 6])
    expect(summariseEffect(draws, { ...options, target: 'existing-trial', study: 'A' }).study).toBe('A')
    expect(draws).toEqual(Float64Array.from([3, 1, 2, 5, 4, 6]))
  })

  it('gives NaN where a draw is not finite', () => {
    const summary = summariseEffect(Float64Array.from([1, Number.NaN, 2, 3]), options)
    expect([summary.mean, summary.median, summary.lower, summary.probabilityBenefit, summary.mcse]).toEqual(
      new Array(5).fill(Number.NaN),
    )
  })

  it('has a Monte Carlo error of SD / sqrt(S) for independent draws', () => {
    const summary = summariseEffect(uniformDraws(4000, 'independent'), { ...options, chainCount: 4 })
    // the relative error of an ESS estimate from S independent draws is of order sqrt(lags / S); 4 chains, about 10 lags: 5%, three times that
    const threeRelativeErrors = 0.15
    expect(Math.abs(summary.mcse / (summary.sd / Math.sqrt(4000)) - 1)).toBeLessThan(threeRelativeErrors)
  })

  it('has a far larger one when a chain stays apart from the others (negative control: chains must not be merged)', () => {
    const draws = uniformDraws(4000, 'independent').map((draw, index) => (index < 1000 ? draw + 1 : draw))
    const summary = summariseEffect(draws, { ...options, chainCount: 4 })
    expect(summary.mcse / (summary.sd / Math.sqrt(4000))).toBeGreaterThan(5)
  })
})
