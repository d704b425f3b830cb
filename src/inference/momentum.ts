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
  let kinetic = 0
  for (let i = 0; i < momentum.length; i++) kinetic += momentum[i] * momentum[i]
  return 0.5 * kinetic - state.logDensity
}
