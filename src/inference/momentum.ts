import type { Stream } from '../contract/stream.js'
import { fillNormal } from '../random/fill-normal.js'
import type { PhasePoint } from './leapfrog.js'
import { type Metric, pull } from './metric.js'
import type { GradientState } from './state.js'

/** Puts the state into `point` with a new standard normal momentum; returns the energy p'p / 2 - log density. */
export function kick(point: PhasePoint, stream: Stream, state: GradientState, metric: Metric): number {
  const { position, momentum, gradient } = point
  position.set(state.position)
  gradient.set(state.gradient)
  if (metric.kind === 'dense') pull(metric.root, gradient, point.force)
  point.logDensity = state.logDensity
  fillNormal(stream, momentum)
  return 0.5 * squaredNorm(momentum) - state.logDensity
}

/** Coordinates with even and with odd numbers are added up apart, as a vector instruction does. */
export function squaredNorm(momentum: Float64Array): number {
  let sum = 0
  let sum2 = 0
  for (let i = 0; i < momentum.length; i += 2) sum += momentum[i] * momentum[i]
  for (let i = 1; i < momentum.length; i += 2) sum2 += momentum[i] * momentum[i]
  return sum + sum2
}
