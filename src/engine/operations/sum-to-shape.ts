import * as tf from '@tensorflow/tfjs'

/** Undoes broadcasting in a gradient: sums over the axes along which a tensor of `shape` was stretched. */
export function sumToShape(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const lead = gradient.shape.length - shape.length
  const axes = gradient.shape.flatMap((length, axis) => (axis < lead || (shape[axis - lead] === 1 && length > 1) ? [axis] : []))
  return axes.length === 0 ? gradient : tf.reshape(tf.sum(gradient, axes), [...shape])
}
