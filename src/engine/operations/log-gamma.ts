import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'

for (const [kernelName, derivative] of [
  ['PooliteLogGamma', digamma],
  ['PooliteDigamma', trigamma],
  ['PooliteTrigamma', tetragamma],
] as const)
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, derivative(x)) }),
  })

/** Log of the gamma function, elementwise. */
export function logGamma(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteLogGamma', { x }) as tf.Tensor
}

/** Derivative of `logGamma`, elementwise. */
export function digamma(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteDigamma', { x }) as tf.Tensor
}

/** Derivative of `digamma`, elementwise; can be differentiated once. */
export function trigamma(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteTrigamma', { x }) as tf.Tensor
}

function tetragamma(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteTetragamma', { x }) as tf.Tensor
}
