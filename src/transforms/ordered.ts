/**
 * R^k onto increasing sequences of length k, along the last axis: y[0] = x[0], y[i] = y[i-1] + exp(x[i]); log Jacobian sum_{i > 0} x[i]
 * (Stan Reference Manual, "Ordered vector").
 */
import * as tf from '@tensorflow/tfjs'
import type { Transform } from '../contract/transform.js'
import { outsideSupport } from './shared/outside-support.js'
import { splitShape } from './shared/shape.js'

/** @param shape `[...batch, k]`, the same for both sides. */
export function ordered(shape: readonly number[]): Transform {
  const { batch, event } = splitShape(shape, 1, 'an ordered sequence')
  const axis = batch.length
  const size = event[0]
  const zeros = batch.map(() => 0)
  const increments = (x: tf.Tensor): tf.Tensor => tf.slice(x, [...zeros, 1], [...batch, size - 1])
  return {
    name: 'ordered',
    unconstrainedShape: shape,
    constrainedShape: shape,
    constrain: (x) => {
      if (size < 2) return x
      const first = tf.slice(x, [...zeros, 0], [...batch, 1])
      return tf.cumsum(tf.concat([first, tf.exp(increments(x))], axis), axis)
    },
    logJacobian: (x) => (size < 2 ? undefined : tf.sum(increments(x))),
    unconstrain: (y) => y.map((value, index) => (index % size === 0 ? finite(value) : logIncrement(y, index))),
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : outsideSupport(`${value}`, 'a finite increasing sequence')
}

function logIncrement(y: Float64Array, index: number): number {
  const difference = finite(y[index]) - y[index - 1]
  return difference > 0 ? Math.log(difference) : outsideSupport(`${y[index]} after ${y[index - 1]}`, 'an increasing sequence')
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [ordered([4]), ordered([2, 2]), ordered([1])]
