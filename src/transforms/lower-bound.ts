import * as tf from '@tensorflow/tfjs'
import type { Transform } from '../contract/transform.js'
import { outsideSupport } from './shared/outside-support.js'

/** R onto (bound, Infinity), elementwise: y = bound + exp(x), log Jacobian sum x. */
export function lowerBound(shape: readonly number[], bound: number): Transform {
  return {
    name: 'lower-bound',
    unconstrainedShape: shape,
    constrainedShape: shape,
    constrain: (x) => tf.add(tf.exp(x), bound),
    logJacobian: (x) => tf.sum(x),
    unconstrain: (y) =>
      y.map((value) =>
        value > bound && value < Number.POSITIVE_INFINITY
          ? Math.log(value - bound)
          : outsideSupport(`${value}`, `greater than ${bound} and finite`),
      ),
  }
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [lowerBound([3], -1.5)]
