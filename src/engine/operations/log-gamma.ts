import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'

tf.registerGradient({
  kernelName: 'PooliteLogGamma',
  inputsToSave: ['x'],
  gradFunc: (dy, saved) => ({ x: () => tf.mul(dy as tf.Tensor, digamma(saved[0])) }),
})
tf.registerGradient({
  kernelName: 'PooliteDigamma',
  inputsToSave: ['x'],
  gradFunc: (dy, saved) => ({ x: () => tf.mul(dy as tf.Tensor, runOperation('PooliteTrigamma', { x: saved[0] }) as tf.Tensor) }),
})

/** Log of the gamma function, elementwise. */
export function logGamma(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteLogGamma', { x }) as tf.Tensor
}

/** Derivative of `logGamma`, elementwise. */
export function digamma(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteDigamma', { x }) as tf.Tensor
}
