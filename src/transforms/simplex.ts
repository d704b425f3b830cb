/**
 * R^(k-1) onto the open simplex of k positive parts that sum to one, along the last axis, by stick breaking:
 *
 *     y[i] = r[i] s[i],   y[k-1] = r[k-1],   s[i] = 1 / (1 + exp(-u[i])),   u[i] = x[i] - log(k - 1 - i),   r[i] = prod_{j < i} (1 - s[j])
 *
 * so that x = 0 is the centre (Betancourt 2012, 10.1063/1.3703631; Stan Reference Manual, "Unit simplex"). Since log(1 - s) = -softplus(u),
 * log y[i] = u[i] - sum_{j <= i} softplus(u[j]), and the log Jacobian is sum_i {log y[i] + log(1 - s[i])} = sum_i {u[i] - (k - i) softplus(u[i])}.
 */
import * as tf from '@tensorflow/tfjs'
import type { Transform } from '../contract/transform.js'
import { outsideSupport } from './shared/outside-support.js'
import { splitShape } from './shared/shape.js'

/** @param shape `[...batch, k]`; the unconstrained shape is `[...batch, k - 1]`. */
export function simplex(shape: readonly number[]): Transform {
  const { batch, event } = splitShape(shape, 1, 'a simplex')
  const size = event[0]
  const shifts = Array.from({ length: size - 1 }, (_, index) => Math.log(size - 1 - index))
  const weights = Array.from({ length: size - 1 }, (_, index) => size - index)
  const lastPart = [...batch.map((): [number, number] => [0, 0]), [0, 1] satisfies [number, number]] as [number, number][]
  const shifted = (x: tf.Tensor): tf.Tensor => tf.sub(x, tf.tensor1d(shifts))
  return {
    name: 'simplex',
    unconstrainedShape: [...batch, size - 1],
    constrainedShape: shape,
    constrain: (x) => {
      const u = shifted(x)
      return tf.exp(tf.sub(tf.pad(u, lastPart), tf.cumsum(tf.pad(tf.softplus(u), lastPart), batch.length)))
    },
    logJacobian: (x) => {
      const u = shifted(x)
      return tf.sum(tf.sub(u, tf.mul(tf.softplus(u), tf.tensor1d(weights))))
    },
    unconstrain: (y) => breakSticks(y, size, shifts),
  }
}

const SUM_TOLERANCE = 1e-8

function breakSticks(y: Float64Array, size: number, shifts: readonly number[]): Float64Array {
  const count = y.length / size
  const x = new Float64Array(count * (size - 1))
  for (let item = 0; item < count; item++) {
    let rest = 0
    for (let index = size - 1; index >= 0; index--) {
      const part = y[item * size + index]
      if (!(part > 0)) outsideSupport(`${part}`, 'a simplex of positive parts')
      if (index < size - 1) x[item * (size - 1) + index] = Math.log(part) - Math.log(rest) + shifts[index]
      rest += part
    }
    if (!(Math.abs(rest - 1) <= SUM_TOLERANCE)) outsideSupport(`a sum of ${rest}`, 'a simplex of parts that sum to 1')
  }
  return x
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [simplex([4]), simplex([2, 3])]
