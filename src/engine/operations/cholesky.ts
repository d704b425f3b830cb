import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'

tf.registerGradient({
  kernelName: 'PooliteCholesky',
  outputsToSave: [true],
  gradFunc: (dy, saved) => ({
    a: () => runOperation('PooliteCholeskyGradient', { l: saved[0], dy: dy as tf.Tensor }) as tf.Tensor,
  }),
})

/**
 * Lower Cholesky factor of symmetric positive-definite matrices, zeros above the diagonal; NaN where a matrix is not positive definite.
 * @param a `[...batch, k, k]`
 * @returns `[...batch, k, k]`
 */
export function cholesky(a: tf.Tensor): tf.Tensor {
  return runOperation('PooliteCholesky', { a }) as tf.Tensor
}
