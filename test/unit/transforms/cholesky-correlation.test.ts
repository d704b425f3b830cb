import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors/usage-error.js'
import { choleskyCorrelation } from '../../../src/transforms/cholesky-correlation.js'
import { float64 } from '../distributions/float64.js'
import { describeTransform } from './describe-transform.js'

function isFactor(size: number): (factor: Float64Array) => boolean {
  return (factor) =>
    Array.from({ length: size }, (_, row) => factor.subarray(row * size, (row + 1) * size)).every(
      (values, row) =>
        values[row] > 0 &&
        values.subarray(row + 1).every((value) => value === 0) &&
        Math.abs(values.reduce((sum, value) => sum + value * value, 0) - 1) < 8 * size * Number.EPSILON,
    )
}
const belowDiagonal = (size: number): number[] =>
  Array.from({ length: size }, (_, row) => Array.from({ length: row }, (_, column) => row * size + column)).flat()

describeTransform('choleskyCorrelation([2, 2])', {
  transform: choleskyCorrelation([2, 2]),
  points: [[0], [0.8], [-2.5]],
  isInSupport: isFactor(2),
  outside: [
    [1, 0, 0.6, 0.7],
    [1, 0.1, 0.6, 0.8],
    [1, 0, 0.6, -0.8],
    [1, 0, 1, 0],
    [1, 0, Number.NaN, 0.5],
  ],
  freeElements: belowDiagonal(2),
})
describeTransform('choleskyCorrelation([4, 4])', {
  transform: choleskyCorrelation([4, 4]),
  points: [
    [0, 0, 0, 0, 0, 0],
    [0.3, -1.2, 0.9, -0.4, 1.1, 0.2],
    [-1.9, 1.1, 0.01, 0.5, -0.6, 1.4],
  ],
  isInSupport: isFactor(4),
  outside: [],
  freeElements: belowDiagonal(4),
})

describe('choleskyCorrelation', () => {
  it('fills canonical partial correlations row by row: L of tanh(1), tanh(2), tanh(3) by hand', () => {
    const [a, b, c] = [1, 2, 3].map(Math.tanh)
    const expected = [1, 0, 0, a, Math.sqrt(1 - a * a), 0, b, c * Math.sqrt(1 - b * b), Math.sqrt((1 - b * b) * (1 - c * c))]
    const factor = float64([[3]], (x) => choleskyCorrelation([3, 3]).constrain(x))(Float64Array.of(1, 2, 3))
    // 1 - tanh(3)^2 loses two digits in the formula by hand.
    factor.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(100 * Number.EPSILON)
    })
  })

  it('keeps the log Jacobian finite where tanh has rounded to 1: 2 (log 2 - |x|) for k = 2', () => {
    const logJacobian = float64([[1]], (x) => choleskyCorrelation([2, 2]).logJacobian(x) ?? x)
    for (const x of [-300, -25, 25, 300])
      expect(Math.abs(logJacobian(Float64Array.of(x))[0] - 2 * (Math.LN2 - Math.abs(x)))).toBeLessThan(8 * 300 * Number.EPSILON)
  })

  it('has no free element for a single variable', () => {
    const transform = choleskyCorrelation([1, 1])
    expect(transform.unconstrainedShape).toEqual([0])
    expect(Array.from(transform.constrain(tf.tensor1d([])).dataSync())).toEqual([1])
    expect(transform.unconstrain(Float64Array.of(1))).toEqual(new Float64Array(0))
  })

  it.each([[[3]], [[2, 3]], [[2, 2, 2]]])('refuses the shape %j', (shape) => {
    expect(() => choleskyCorrelation(shape)).toThrow(UsageError)
  })
})
