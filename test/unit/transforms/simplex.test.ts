import { describe, expect, it } from 'vitest'
import { simplex } from '../../../src/transforms/simplex.js'
import { float64 } from '../distributions/float64.js'
import { describeTransform } from './describe-transform.js'

const isSimplex = (y: Float64Array): boolean =>
  y.every((part) => part > 0) && Math.abs(y.reduce((a, b) => a + b) - 1) < y.length * Number.EPSILON

describeTransform('simplex([4])', {
  transform: simplex([4]),
  points: [
    [0, 0, 0],
    [0.3, -1.2, 2.5],
    [-2.9, 1.1, 0.01],
  ],
  isInSupport: isSimplex,
  outside: [
    [0.5, 0.5, 0, 0],
    [0.5, 0.6, -0.2, 0.1],
    [0.3, 0.3, 0.3, 0.2],
    [Number.NaN, 0.3, 0.3, 0.2],
  ],
  freeElements: [0, 1, 2],
})
describeTransform('simplex([2, 3]), two of them', {
  transform: simplex([2, 3]),
  points: [
    [0, 0, 0, 0],
    [0.3, -1.2, 2.5, 1],
  ],
  isInSupport: (y) => isSimplex(y.subarray(0, 3)) && isSimplex(y.subarray(3)),
  outside: [[0.2, 0.3, 0.5, 0.2, 0.3, 0.4]],
  freeElements: [0, 1, 3, 4],
})

describe('simplex', () => {
  it('puts the centre at 0', () => {
    const constrain = float64([[4]], (x) => simplex([5]).constrain(x))
    for (const part of constrain(new Float64Array(4))) expect(Math.abs(part - 0.2)).toBeLessThan(4 * Number.EPSILON)
  })

  it('keeps parts far below the spacing of 1 positive and exact', () => {
    const constrain = float64([[2]], (x) => simplex([3]).constrain(x))
    const [first, second, third] = constrain(Float64Array.of(60, 60))
    expect(first).toBe(1)
    expect(Math.abs(Math.log(second) - (-60 + Math.LN2))).toBeLessThan(1e-13)
    expect(Math.abs(Math.log(third) - (-120 + Math.LN2))).toBeLessThan(1e-13)
  })
})
