import * as tf from '@tensorflow/tfjs'
import type { Transform } from '../contract/transform.js'
import { outsideSupport } from './shared/outside-support.js'
import { sizeOf } from './shared/shape.js'

/**
 * R onto (lower, upper), elementwise: y = lower + (upper - lower) s with s = 1 / (1 + exp(-x)),
 * log Jacobian sum {log(upper - lower) + log s + log(1 - s)} where log s + log(1 - s) = x - 2 softplus(x).
 */
export function interval(shape: readonly number[], lower: number, upper: number): Transform {
  const width = upper - lower
  const logScale = sizeOf(shape) * Math.log(width)
  return {
    name: 'interval',
    unconstrainedShape: shape,
    constrainedShape: shape,
    constrain: (x) => tf.add(tf.mul(tf.sigmoid(x), width), lower),
    logJacobian: (x) => tf.add(tf.sum(tf.sub(x, tf.mul(tf.softplus(x), 2))), logScale),
    unconstrain: (y) =>
      y.map((value) =>
        value > lower && value < upper
          ? Math.log((value - lower) / (upper - value))
          : outsideSupport(`${value}`, `between ${lower} and ${upper}, both ends excluded`),
      ),
  }
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [interval([], 0, 1), interval([3], -3, 5)]
