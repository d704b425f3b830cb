import { quantileSorted } from 'd3-array'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { selectQuantiles } from '../../../src/effects/select-quantiles.js'

const probabilities = [0, 0.025, 0.3, 0.5, 0.975, 1]

describe('selectQuantiles', () => {
  it('interpolates between order statistics at 1 + (n - 1) p', () => {
    expect(selectQuantiles(Float64Array.from([4, 1, 3, 2]), [0, 0.25, 0.5, 1])).toEqual([1, 1.75, 2.5, 4])
  })

  it('returns a value that is repeated exactly', () => {
    expect(selectQuantiles(new Float64Array(7).fill(0.1), probabilities)).toEqual(probabilities.map(() => 0.1))
    expect(selectQuantiles(Float64Array.from([0.3]), probabilities)).toEqual(probabilities.map(() => 0.3))
  })

  it.each([2, 3, 10, 101, 4000])('agrees with the quantiles of the sorted values, for %i of them with ties', (count) => {
    const uniform = seedrandom(`select ${count}`)
    const values = Float64Array.from({ length: count }, (_, index) => (index % 3 ? uniform() * 8 - 4 : Math.round(uniform() * 4)))
    const sorted = Array.from(values).sort((first, second) => first - second)
    const expected = probabilities.map((probability) => quantileSorted(sorted, probability)!)
    // two roundings of numbers below 4 in either formula
    const roundingOfInterpolation = 4 * 4 * Number.EPSILON
    selectQuantiles(values, probabilities).forEach((quantile, index) => {
      expect(Math.abs(quantile - expected[index])).toBeLessThanOrEqual(roundingOfInterpolation)
    })
    expect(Array.from(values).sort((first, second) => first - second)).toEqual(sorted)
  })
})
