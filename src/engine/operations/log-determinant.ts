import * as tf from '@tensorflow/tfjs'
import { cholesky } from './cholesky.js'

/**
 * Log determinant of symmetric positive-definite matrices; NaN where a matrix is not positive definite.
 * @param a `[...batch, k, k]`
 * @returns `[...batch]`
 */
export function logDeterminant(a: tf.Tensor): tf.Tensor {
  const size = a.shape[a.shape.length - 1]
  const diagonal = tf.sum(tf.mul(cholesky(a), tf.eye(size)), -1)
  return tf.mul(2, tf.sum(tf.log(diagonal), -1))
}
