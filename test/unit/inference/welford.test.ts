import { describe, expect, it } from 'vitest'
import { addPosition, createWelford, regularisedVariance } from '../../../src/inference/welford.js'

function accumulated(...positions: number[][]) {
  const welford = createWelford(positions[0].length)
  for (const position of positions) addPosition(welford, Float64Array.from(position))
  return welford
}

describe('welford', () => {
  it('holds the mean and the sum of squared deviations', () => {
    const welford = accumulated([1, 10], [2, 10], [6, 13])
    expect([...welford.mean]).toEqual([3, 11])
    expect([...welford.deviation]).toEqual([14, 6])
  })
  it('does not cancel far from zero', () => {
    const offset = 1e9
    const [variance] = regularisedVariance(accumulated([offset + 1], [offset + 2], [offset + 3]))
    expect(variance).toBeCloseTo((3 / 8) * 1 + 1e-3 * (5 / 8), 12)
  })
  it('shrinks the n - 1 variance towards 0.001 with the weight of five observations', () => {
    const [first, second] = regularisedVariance(accumulated([1, 10], [2, 10], [6, 13]))
    expect(first).toBeCloseTo((3 / 8) * 7 + 1e-3 * (5 / 8), 14)
    expect(second).toBeCloseTo((3 / 8) * 3 + 1e-3 * (5 / 8), 14)
  })
  it('gives 1 with fewer than two observations or a variance that is not finite', () => {
    expect([...regularisedVariance(createWelford(2))]).toEqual([1, 1])
    expect([...regularisedVariance(accumulated([3]))]).toEqual([1])
    expect([...regularisedVariance(accumulated([1e200], [-1e200]))]).toEqual([1])
  })
})
