import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

tf.registerGradient({
  kernelName: 'PooliteNormalCdf',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({
    x: () => tf.mul(dy as tf.Tensor, tf.mul(1 / ROOT_TWO_PI, tf.exp(tf.mul(-0.5, tf.square(x))))),
  }),
})
tf.registerGradient({
  kernelName: 'PooliteLogNormalCdf',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, inverseMillsRatio(x)) }),
})
tf.registerGradient({
  kernelName: 'PooliteInverseMillsRatio',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, ratio]) => ({ x: () => tf.neg(tf.mul(dy as tf.Tensor, tf.mul(ratio, tf.add(x, ratio)))) }),
})
tf.registerGradient({
  kernelName: 'PooliteNormalQuantile',
  outputsToSave: [true],
  gradFunc: (dy, [quantile]) => ({
    x: () => tf.mul(dy as tf.Tensor, tf.mul(ROOT_TWO_PI, tf.exp(tf.mul(0.5, tf.square(quantile))))),
  }),
})

/** Distribution function of the standard normal distribution, elementwise: the inverse of the probit link. */
export function normalCdf(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteNormalCdf', { x }) as tf.Tensor
}

/** Log of `normalCdf`, elementwise, accurate however far out x lies. Its gradient neither overflows nor cancels. */
export function logNormalCdf(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteLogNormalCdf', { x }) as tf.Tensor
}

/** Standard normal density over distribution function, elementwise: the derivative of `logNormalCdf`, about -x for very negative x. */
export function inverseMillsRatio(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteInverseMillsRatio', { x }) as tf.Tensor
}

/** Inverse of `normalCdf`, elementwise: the probit link. NaN outside [0, 1]. */
export function normalQuantile(probability: tf.Tensor): tf.Tensor {
  return runOperation('PooliteNormalQuantile', { x: probability }) as tf.Tensor
}
