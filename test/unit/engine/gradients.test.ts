import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import '../../../src/engine/operations.js'
import { compileLogDensity } from '../../../src/engine/compile.js'
import type { Shape } from '../../../src/engine/shape.js'

function gradientOf(
  shapes: readonly Shape[],
  build: (...inputs: tf.Tensor[]) => tf.Tensor,
  position: readonly number[],
): number[] {
  const { logDensity } = compileLogDensity(shapes, (inputs) => build(...inputs), { checkPoints: [], strict: true })
  const gradient = new Float64Array(position.length)
  logDensity.valueAndGradient(Float64Array.from(position), gradient)
  return Array.from(gradient)
}

describe('gradients that tfjs lacks', () => {
  it('where a parameter is compared, the branch taken decides', () => {
    const kinked = (x: tf.Tensor) => tf.sum(tf.where(tf.greater(x, 1), tf.mul(x, 3), tf.square(x)))
    expect(gradientOf([[3]], kinked, [0.5, 2, -1])).toEqual([1, 3, -2])
    const both = (x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.where(tf.lessEqual(x, y), tf.mul(x, y), tf.sub(x, y)))
    expect(gradientOf([[2], []], both, [1, 5, 2])).toEqual([2, 1, 1 - 1])
  })
  it('through and, or, not, and tests for infinite and missing values', () => {
    const inside = (x: tf.Tensor) => tf.sum(tf.where(tf.logicalAnd(tf.greater(x, 0), tf.less(x, 1)), tf.square(x), x))
    expect(gradientOf([[3]], inside, [-1, 0.5, 2])).toEqual([1, 1, 1])
    const outside = (x: tf.Tensor) => tf.sum(tf.where(tf.logicalOr(tf.less(x, 0), tf.greater(x, 1)), tf.square(x), x))
    expect(gradientOf([[3]], outside, [-1, 0.5, 2])).toEqual([-2, 1, 4])
    const finite = (x: tf.Tensor) => tf.sum(tf.where(tf.logicalNot(tf.isFinite(x)), tf.zerosLike(x), tf.square(x)))
    expect(gradientOf([[2]], finite, [3, -1])).toEqual([6, -2])
  })
  it('of running products: each element counts in all products from itself on, zeros included', () => {
    const last = (x: tf.Tensor) => tf.sum(tf.mul(tf.cumprod(x), tf.tensor1d([1, 10, 100])))
    expect(gradientOf([[3]], last, [2, 3, 5])).toEqual([1 + 10 * 3 + 100 * 15, 10 * 2 + 100 * 10, 100 * 6])
    expect(gradientOf([[3]], last, [2, 0, 5])).toEqual([1, 10 * 2 + 100 * 10, 0])
    const before = (x: tf.Tensor) => tf.sum(tf.mul(tf.cumprod(x, 0, true, true), tf.tensor1d([1, 10, 100])))
    expect(gradientOf([[3]], before, [2, 3, 5])).toEqual([0, 1 * 5, 1 * 3 + 10])
  })
  it('of slices with steps: what was left out has gradient 0', () => {
    const odd = (x: tf.Tensor) => tf.sum(tf.mul(tf.stridedSlice(x, [4], [-6], [-2]), tf.tensor1d([1, 10, 100])))
    expect(gradientOf([[5]], odd, [1, 2, 3, 4, 5])).toEqual([100, 0, 10, 0, 1])
  })
  it('a comparison that is counted has gradient 0', () => {
    const counted = (x: tf.Tensor) => tf.add(tf.sum(tf.cast(tf.greater(x, 0), 'float32')), tf.sum(tf.square(x)))
    expect(gradientOf([[2]], counted, [1, -1])).toEqual([2, -2])
  })
})

describe('gradients that tfjs gets wrong', () => {
  it('of a matrix product whose batch axes broadcast, on either side and whichever is transposed', () => {
    const a = [1, 2, 3, 4]
    const b = [5, 6, 7, 8, 9, 10, 11, 12]
    // d/dA of sum(A B) is the row sums of B, d/dB the column sums of A; transposing swaps rows and columns.
    expect(
      gradientOf(
        [
          [2, 2],
          [2, 2, 2],
        ],
        (x, y) => tf.sum(tf.matMul(x, y)),
        [...a, ...b],
      ),
    ).toEqual([30, 38, 30, 38, 4, 4, 6, 6, 4, 4, 6, 6])
    expect(
      gradientOf(
        [
          [2, 2],
          [2, 2, 2],
        ],
        (x, y) => tf.sum(tf.matMul(x, y, true, true)),
        [...a, ...b],
      ),
    ).toEqual([32, 32, 36, 36, 3, 7, 3, 7, 3, 7, 3, 7])
    expect(
      gradientOf(
        [
          [2, 2, 2],
          [2, 2],
        ],
        (x, y) => tf.sum(tf.matMul(x, y, false, true)),
        [...b, ...a],
      ),
    ).toEqual([4, 6, 4, 6, 4, 6, 4, 6, 32, 36, 32, 36])
  })
  it('of cumulative sums along another axis than the last: element [0, j] of a square is counted by all below it', () => {
    const first = (x: tf.Tensor) =>
      tf.sum(
        tf.mul(
          tf.cumsum(x, 0),
          tf.tensor2d([
            [1, 10],
            [100, 1000],
          ]),
        ),
      )
    expect(gradientOf([[2, 2]], first, [1, 2, 3, 4])).toEqual([101, 1010, 100, 1000])
  })
  it('of products along a negative axis, zeros included', () => {
    expect(gradientOf([[2, 2]], (x) => tf.sum(tf.prod(x, -1)), [2, 3, 0, 5])).toEqual([3, 2, 5, 0])
  })
  it('of maxima, minima and squared differences of a parameter that broadcasts', () => {
    const data = tf.tensor1d([1, 2, 4])
    expect(gradientOf([[]], (x) => tf.sum(tf.maximum(data, x)), [3])).toEqual([2])
    expect(gradientOf([[]], (x) => tf.sum(tf.minimum(data, x)), [3])).toEqual([1])
    expect(gradientOf([[]], (x) => tf.sum(tf.squaredDifference(data, x)), [3])).toEqual([2 * (2 + 1 - 1)])
    data.dispose()
  })
  it('give ties to the first operand alone', () => {
    expect(gradientOf([[], []], (x, y) => tf.maximum(x, y), [1, 1])).toEqual([1, 0])
    expect(gradientOf([[], []], (x, y) => tf.minimum(x, y), [1, 1])).toEqual([1, 0])
  })
  it('of elements whose indices depend on a parameter: the indices have none', () => {
    const nearest = (x: tf.Tensor) => tf.sum(tf.square(tf.gather(x, tf.cast(tf.mod(x, 2), 'int32'))))
    expect(gradientOf([[3]], nearest, [5, 6, 7])).toEqual([2 * 5, 2 * 2 * 6, 0])
  })
  it('of splits and unstacked tensors with one part', () => {
    expect(gradientOf([[2]], (x) => tf.sum(tf.square(tf.split(x, 1)[0])), [1, 2])).toEqual([2, 4])
    expect(gradientOf([[1, 2]], (x) => tf.sum(tf.square(tf.unstack(x)[0])), [1, 2])).toEqual([2, 4])
  })
})
