import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'
import { sumToShape } from './sum-to-shape.js'

tf.registerGradient({
  kernelName: 'PooliteLogAddExp',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, [a, b]) => {
    const weighted = (one: tf.Tensor, other: tf.Tensor) => () =>
      // Two equal infinities have no difference; their sum is shared evenly, as any two equal numbers are.
      sumToShape(tf.mul(dy as tf.Tensor, tf.where(tf.equal(one, other), 0.5, tf.sigmoid(tf.sub(one, other)))), one.shape)
    return { a: weighted(a, b), b: weighted(b, a) }
  },
})
tf.registerGradient({
  kernelName: 'PooliteLogOneMinusExp',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => tf.neg(tf.div(dy as tf.Tensor, tf.expm1(tf.neg(x)))) }),
})

/** log(exp(a) + exp(b)) without overflow, elementwise with broadcasting; -Infinity stands for a probability of 0. */
export function logAddExp(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return runOperation('PooliteLogAddExp', { a, b }) as tf.Tensor
}

/** log(1 - exp(x)) for x <= 0 without cancellation, elementwise: the log of the complement of a probability given by its log. NaN for x > 0. */
export function logOneMinusExp(x: tf.Tensor): tf.Tensor {
  return runOperation('PooliteLogOneMinusExp', { x }) as tf.Tensor
}

/**
 * Log of the sum of exp(x) along an axis, or over all elements; unlike that of tfjs, -Infinity where all are -Infinity.
 * @param x `[...]`
 * @returns the shape of `x` without `axis`; a scalar without
 */
export function logSumExp(x: tf.Tensor, axis?: number): tf.Tensor {
  const summed = tf.customGrad((given, save) => {
    const values = given as tf.Tensor
    const largest = finite(tf.max(values, axis, true))
    const total = tf.add(tf.log(tf.sum(tf.exp(tf.sub(values, largest)), axis, true)), largest)
    ;(save as tf.GradSaveFunc)([values, total])
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], [savedValues, savedTotal]: tf.Tensor[]) =>
      tf.mul(dy as tf.Tensor, tf.exp(tf.sub(savedValues, finite(savedTotal))))
    return { value: total, gradFunc: gradFunc as never }
  })(x)
  return axis === undefined ? tf.reshape(summed, []) : tf.squeeze(summed, [axis])
}

/** 0 instead of infinities. */
function finite(x: tf.Tensor): tf.Tensor {
  return tf.where(tf.isFinite(x), x, tf.zerosLike(x))
}

/** log(p / (1 - p)), elementwise, accurate at both ends; the inverse of tf.sigmoid. */
export function logit(probability: tf.Tensor): tf.Tensor {
  return tf.sub(tf.log(probability), tf.log1p(tf.neg(probability)))
}

/** log(1 / (1 + exp(-x))), elementwise, without overflow or underflow. */
export function logSigmoid(x: tf.Tensor): tf.Tensor {
  return tf.neg(tf.softplus(tf.neg(x)))
}
