import * as tf from '@tensorflow/tfjs'
import type { Transform } from '../contract/transform.js'
import { outsideSupport } from './shared/outside-support.js'

/** R onto (0, Infinity), elementwise: y = exp(x), log Jacobian sum x. */
export function positive(shape: readonly number[]): Transform {
  return {
    name: 'positive',
    unconstrainedShape: shape,
    constrainedShape: shape,
    constrain: (x) => tf.exp(x),
    logJacobian: (x) => tf.sum(x),
    unconstrain: (y) => y.map(logOfPositive),
  }
}

function logOfPositive(value: number): number {
  return value > 0 && value < Number.POSITIVE_INFINITY ? Math.log(value) : outsideSupport(`${value}`, 'positive and finite')
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [positive([]), positive([2, 2])]
