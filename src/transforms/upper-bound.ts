import * as tf from '@tensorflow/tfjs'
import type { Transform } from '../contract/transform.js'
import { outsideSupport } from './shared/outside-support.js'

/** R onto (-Infinity, bound), elementwise: y = bound - exp(x), log |Jacobian| sum x. */
export function upperBound(shape: readonly number[], bound: number): Transform {
  return {
    name: 'upper-bound',
    unconstrainedShape: shape,
    constrainedShape: shape,
    constrain: (x) => tf.sub(bound, tf.exp(x)),
    logJacobian: (x) => tf.sum(x),
    unconstrain: (y) =>
      y.map((value) =>
        value < bound && value > Number.NEGATIVE_INFINITY
          ? Math.log(bound - value)
          : outsideSupport(`${value}`, `less than ${bound} and finite`),
      ),
  }
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [upperBound([3], 0.5)]
