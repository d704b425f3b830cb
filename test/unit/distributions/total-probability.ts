import * as tf from '@tensorflow/tfjs'
import type { Distribution } from '../../../src/contract/distribution.js'
import { float64 } from './float64.js'

export interface TotalProbability {
  /** Integral of the density on the unconstrained scale: 1 for a proper family with the right Jacobian. */
  readonly withJacobian: number
  readonly withoutJacobian: number
}

/**
 * Integral of a density over R^k by the trapezoidal rule, whose error falls exponentially with 1 / step for analytic integrands that vanish at
 * the limits (Trefethen and Weideman 2014, 10.1137/130932132).
 */
export function totalProbability(
  distribution: Distribution,
  shape: readonly number[],
  argumentTensors: readonly tf.Tensor[],
  { limit, step }: { readonly limit: number; readonly step: number },
): TotalProbability {
  const transform = distribution.support(shape, [])
  const [dimension] = transform.unconstrainedShape
  const logDensity = float64([[dimension]], (x) => distribution.logProbability(transform.constrain(x), argumentTensors))
  const logJacobian = float64([[dimension]], (x) => transform.logJacobian(x) ?? tf.mul(tf.sum(x), 0))
  const axis = Array.from({ length: 2 * Math.round(limit / step) + 1 }, (_, i) => i * step - limit)
  let withJacobian = 0
  let withoutJacobian = 0
  for (const point of grid(axis, dimension)) {
    const density = Math.exp(logDensity(point)[0])
    withoutJacobian += density
    withJacobian += density * Math.exp(logJacobian(point)[0])
  }
  const cell = step ** dimension
  return { withJacobian: withJacobian * cell, withoutJacobian: withoutJacobian * cell }
}

function* grid(axis: readonly number[], dimension: number): Generator<Float64Array> {
  const point = new Float64Array(dimension)
  for (let cell = 0; cell < axis.length ** dimension; cell++) {
    for (let i = 0, rest = cell; i < dimension; i++, rest = Math.floor(rest / axis.length)) point[i] = axis[rest % axis.length]
    yield point
  }
}
