import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'

const SLOPE_AT_ZERO = 2 / Math.sqrt(Math.PI)

tf.registerGradient({
  kernelName: 'PooliteErfc',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.mul(-SLOPE_AT_ZERO, tf.exp(tf.neg(tf.square(x))))) }),
})

/** The error function 2/sqrt(pi) * integral from 0 to x of exp(-t^2), elementwise. */
export function erf(x: tf.Tensor): tf.Tensor {
  return tf.erf(x)
}

/** 1 - erf(x), elementwise, with full relative accuracy where it is small. */
export function erfc(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteErfc', { x }) as tf.Tensor
}
