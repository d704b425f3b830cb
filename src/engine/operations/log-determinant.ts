import * as tf from '@tensorflow/tfjs'
import { cholesky } from './cholesky.js'

/**
 * Log determinant of symmetric positive-definite matrices; NaN where a matrix is not positive definite.
 * @param a `[...batch, k, k]`
 * @returns `[...batch]`
 */
export function logDeterminant(a: tf.Tensor): tf.Tensor {
  return tf.mul(2, logDiagonalSum(cholesky(a)))
}

/** Sum of the logarithms of the diagonal, `[...batch]`. */
export function logDiagonalSum(a: tf.Tensor): tf.Tensor {
  const batch = a.shape.slice(0, -2)
  const size = a.shape[a.shape.length - 1]
  const elements = tf.reshape(a, [...batch, size * size])
  const [begin, steps] = [batch.map(() => 0), batch.map(() => 1)]
  const diagonal = tf.stridedSlice(elements, [...begin, 0], elements.shape, [...steps, size + 1])
  return tf.sum(tf.log(diagonal), -1)
}
