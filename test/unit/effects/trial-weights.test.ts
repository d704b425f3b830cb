import { describe, expect, it } from 'vitest'
import type { Draws } from '../../../src/draws/draws.js'
import { leaveTrialOut } from '../../../src/effects/leave-trial-out.js'
import { meanBetweenCovariance, shrinkage, trialWeights } from '../../../src/effects/trial-weights.js'

const scalar = (variance: number) => ({ estimate: Float64Array.of(0), covariance: Float64Array.of(variance) })
const one = Float64Array.of(1)
/** Round-off of a few operations on numbers near 1. */
const ROUND_OFF = 1e-12

describe('trialWeights', () => {
  it('of one coefficient are inverse variances, between trials included', () => {
    const weights = trialWeights([scalar(1), scalar(3)], Float64Array.of(1), one)!
    expect(weights[0]).toBeCloseTo(1 / 2 / (1 / 2 + 1 / 4), 12)
  })

  it('of coefficients that have nothing to do with each other are those of the one asked for', () => {
    const trials = [
      { estimate: new Float64Array(2), covariance: Float64Array.of(1, 0, 0, 9) },
      { estimate: new Float64Array(2), covariance: Float64Array.of(2, 0, 0, 1) },
    ]
    const weights = trialWeights(trials, new Float64Array(4), Float64Array.of(0, 1))!
    expect(weights[0]).toBeCloseTo(0.1, 12)
  })

  it('add up to 1 and are never negative, whatever the correlations', () => {
    const trials = [0.9, -0.9, 0.2].map((r, k) => ({
      estimate: new Float64Array(2),
      covariance: Float64Array.of(1 + k, r, r, 2),
    }))
    const weights = trialWeights(trials, Float64Array.of(0.1, 0, 0, 0.3), Float64Array.of(1, -2))!
    expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(ROUND_OFF)
    expect(Math.min(...weights)).toBeGreaterThan(0)
  })

  it('are more alike the more trials differ (negative control: not without differences)', () => {
    const ratio = (between: number) => {
      const [first, second] = trialWeights([scalar(1), scalar(100)], Float64Array.of(between), one)!
      return first / second
    }
    expect(ratio(0)).toBeCloseTo(100, 9)
    expect(ratio(1e6)).toBeLessThan(1.0001)
  })

  it('are not defined when a covariance has no inverse', () => {
    expect(trialWeights([scalar(0), scalar(1)], Float64Array.of(0), one)).toBeUndefined()
  })
})

describe('meanBetweenCovariance', () => {
  it('averages tau_j tau_k Omega_jk over draws', () => {
    const labels = ['treatment', 'treatment:age']
    const coefficient = { name: 'coefficient', labels }
    const draws: Draws = {
      chainCount: 1,
      drawCount: 2,
      variables: [
        { name: 'tau', dimensions: [coefficient], values: Float64Array.of(1, 2, 3, 4) },
        { name: 'Omega', dimensions: [coefficient, coefficient], values: Float64Array.of(1, 0.5, 0.5, 1, 1, -0.5, -0.5, 1) },
      ],
    }
    expect([...meanBetweenCovariance(draws)]).toEqual([5, -2.5, -2.5, 10])
  })
})

describe('shrinkage', () => {
  it('is v / (v + tau^2): 1 where trials are alike', () => {
    expect(shrinkage(scalar(1), Float64Array.of(3), one)).toBeCloseTo(0.25, 12)
    expect(shrinkage(scalar(1), Float64Array.of(0), one)).toBe(1)
  })
})

describe('leaveTrialOut', () => {
  const trials = [
    { study: 'A', estimate: Float64Array.of(1), covariance: Float64Array.of(1) },
    { study: 'B', estimate: Float64Array.of(2), covariance: Float64Array.of(1) },
    { study: 'C', estimate: Float64Array.of(6), covariance: Float64Array.of(0.5) },
  ]

  it('is the pooled effect of the trials that are left', () => {
    const found = leaveTrialOut(trials, Float64Array.of(0), one)
    expect(found.map(({ study }) => study)).toEqual([undefined, 'A', 'B', 'C'])
    expect(found[0].mean).toBeCloseTo((1 + 2 + 12) / 4, 12)
    expect(found[3].mean).toBeCloseTo(1.5, 12)
    expect(found[3].sd).toBeCloseTo(Math.sqrt(0.5), 12)
  })

  it('is scaled by the contrast', () => {
    expect(leaveTrialOut(trials, Float64Array.of(0), Float64Array.of(3))[3].mean).toBeCloseTo(4.5, 12)
  })

  it('says nothing of two trials', () => {
    expect(leaveTrialOut(trials.slice(1), Float64Array.of(0), one)).toEqual([])
  })
})
