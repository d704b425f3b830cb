import { describe, expect, it } from 'vitest'
import { denseMetric, diagonalMetric, inverseMetric, pull, push, unitMetric } from '../../../src/inference/metric.js'

const covariance = Float64Array.of(4, 2, -2, 2, 10, 5, -2, 5, 14)

describe('a metric', () => {
  it('is the root of its inverse', () => {
    expect([...inverseMetric(denseMetric(covariance, 3)!, 3)].map((value, i) => value - covariance[i])).toEqual(
      new Array(9).fill(0),
    )
    expect([...inverseMetric(diagonalMetric(Float64Array.of(4, 9)), 2)]).toEqual([4, 9])
    expect([...inverseMetric(unitMetric(2), 2)]).toEqual([1, 1])
  })
  it('has a root with zeros above the diagonal, from the lower triangle alone', () => {
    const halfKnown = covariance.slice()
    halfKnown[1] = Number.NaN
    expect([...denseMetric(halfKnown, 3)!.root]).toEqual([2, 0, 0, 1, 3, 0, -1, 2, 3])
  })
  it('is missing where the covariance is not positive definite or not finite', () => {
    expect(denseMetric(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined()
    expect(denseMetric(Float64Array.of(1, 0, Number.NaN, 1), 2)).toBeUndefined()
  })
  it("pulls gradients by L' and pushes positions by L", () => {
    const { root } = denseMetric(covariance, 3)!
    const force = Float64Array.of(7, 7, 7)
    pull(root, Float64Array.of(1, 10, 100), force)
    expect([...force]).toEqual([2 + 10 - 100, 30 + 200, 300])
    const position = Float64Array.of(1, 1, 1)
    push(root, 2, Float64Array.of(1, 10, 100), position)
    expect([...position]).toEqual([1 + 2 * 2, 1 + 2 * 31, 1 + 2 * (-1 + 20 + 300)])
  })
})
