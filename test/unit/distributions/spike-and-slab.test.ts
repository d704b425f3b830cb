import { describe, expect, it } from 'vitest'
import { slabProbabilityGiven, spikeAndSlab } from '../../../src/distributions/spike-and-slab.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { erfc } from '../../../src/numeric/error-function.js'
import { describeFamily } from './describe-family.js'
import { float64 } from './float64.js'

const normalCdf = (z: number): number => erfc(-z / Math.SQRT2) / 2

describeFamily('spikeAndSlab(2, 0.125, 0.25)', {
  prior: spikeAndSlab(2, 0.125, 0.25),
  reference: [
    [-30, -115.49838007488451],
    [-1, -3.1233800748838196],
    [0, 0.8934402232261179],
    [0.01, 0.8903053759093503],
    [0.25, -0.9850367321919568],
    [10, -15.498380074884508],
  ],
  cdf: (x) => 0.25 * normalCdf(x / 2) + 0.75 * normalCdf(x / 0.125),
  interval: [-0.2, 0.4],
  wrong: spikeAndSlab(2, 0.125, 0.35),
})

describe('the probability of the slab', () => {
  const probability = (value: number) =>
    float64([[1]], (tensor) => slabProbabilityGiven(tensor, 2, 0.125, 0.25))(Float64Array.of(value))[0]
  it('is prior odds times the ratio of the densities, as odds', () => {
    const odds = (0.25 / 0.75) * (0.125 / 2) * Math.exp(0.3 ** 2 * (1 / (2 * 0.125 ** 2) - 1 / (2 * 2 ** 2)))
    expect(probability(0.3)).toBeCloseTo(odds / (1 + odds), 13)
  })
  it('is least at 0 and 1 far out', () => {
    expect(probability(0)).toBeCloseTo(1 / 49, 13)
    expect(probability(50)).toBe(1)
  })
})

describe('spikeAndSlab', () => {
  it('refuses a spike that is as wide as the slab, and certainty', () => {
    expect(() => spikeAndSlab(1, 1, 0.5)).toThrow(UsageError)
    expect(() => spikeAndSlab(1, 0.1, 1)).toThrow(UsageError)
    expect(() => spikeAndSlab(1, 0.1, Number.NaN)).toThrow(UsageError)
  })
})
