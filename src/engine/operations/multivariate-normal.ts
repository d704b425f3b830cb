import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'
import { sumToShape } from './sum-to-shape.js'

tf.registerGradient({
  kernelName: 'PooliteMultivariateNormal',
  inputsToSave: ['residual', 'covariance'],
  outputsToSave: [false, true, true],
  gradFunc: (dy, saved) => {
    const [residual, covariance, solved, factor] = saved
    const weight = (dy as tf.Tensor[])[0]
    const column = tf.expandDims(solved, -1)
    return {
      residual: () => sumToShape(tf.neg(tf.mul(tf.expandDims(weight, -1), solved)), residual.shape),
      covariance: () => {
        const inverse = runOperation('PooliteInverseFromCholesky', { l: factor }) as tf.Tensor
        const outer = tf.matMul(column, column, false, true)
        const scaled = tf.mul(tf.reshape(weight, [...weight.shape, 1, 1]), tf.mul(0.5, tf.sub(outer, inverse)))
        return sumToShape(scaled, covariance.shape)
      },
    }
  },
})

/**
 * Log density of multivariate normal distributions with mean zero at `residual`. NaN where a covariance is not positive definite.
 * @param residual `[...batch, k]`
 * @param covariance `[...batch, k, k]`, symmetric
 * @returns `[...batch]`
 */
export function multivariateNormalLogProbability(residual: tf.Tensor, covariance: tf.Tensor): tf.Tensor {
  return (runOperation('PooliteMultivariateNormal', { residual, covariance }) as tf.Tensor[])[0]
}
