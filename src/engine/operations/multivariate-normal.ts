import * as tf from '@tensorflow/tfjs'
import { broadcastShape } from '../shape.js'
import { runOperation } from '../tfjs.js'
import { cholesky } from './cholesky.js'
import { logDiagonalSum } from './log-determinant.js'
import { sumToShape } from './sum-to-shape.js'
import { triangularSolve } from './triangular-solve.js'

tf.registerGradient({
  kernelName: 'PooliteMultivariateNormal',
  inputsToSave: ['residual', 'covariance'],
  outputsToSave: [false, true, true],
  gradFunc: (dy, saved) => {
    const [residual, covariance, solved, adjoint] = saved
    const weight = (dy as tf.Tensor[])[0]
    return {
      residual: () => sumToShape(tf.neg(tf.mul(tf.expandDims(weight, -1), solved)), residual.shape),
      covariance: () => sumToShape(tf.mul(tf.reshape(weight, [...weight.shape, 1, 1]), adjoint), covariance.shape),
    }
  },
})

/**
 * Log density of multivariate normal distributions with mean zero at `residual`. NaN where a covariance is not positive definite.
 * @param residual `[...batch, k]`
 * @param covariance `[...batch, k, k]`, symmetric; one that all share is factorised once
 * @returns `[...batch]`
 */
export function multivariateNormalLogProbability(residual: tf.Tensor, covariance: tf.Tensor): tf.Tensor {
  const size = residual.shape[residual.shape.length - 1]
  const isShared = size > 0 && covariance.size === size * size && residual.size > size
  if (isShared) return withSharedCovariance(residual, covariance)
  return (runOperation('PooliteMultivariateNormal', { residual, covariance }) as tf.Tensor[])[0]
}

const LOG_TWO_PI = 1.8378770664093453

function withSharedCovariance(residual: tf.Tensor, covariance: tf.Tensor): tf.Tensor {
  const size = residual.shape[residual.shape.length - 1]
  const batch = broadcastShape(residual.shape.slice(0, -1), covariance.shape.slice(0, -2)) as number[]
  const factor = cholesky(tf.reshape(covariance, [size, size]))
  const columns = tf.transpose(tf.reshape(residual, [residual.size / size, size]))
  const quadratic = tf.sum(tf.square(triangularSolve(factor, columns)), 0)
  const constant = tf.add(logDiagonalSum(factor), (size * LOG_TWO_PI) / 2)
  return tf.reshape(tf.sub(tf.mul(quadratic, -0.5), constant), batch)
}
