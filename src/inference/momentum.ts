import type { Stream } from '../contract/stream.js'
import { fillNormal } from '../random/fill-normal.js'
import type { PhasePoint } from './leapfrog.js'
import type { GradientState } from './state.js'

/** Puts the state into `point` with a new momentum p ~ N(0, M), M^-1 = diag(inverseMetric); returns the energy p' M^-1 p / 2 - log density. */
export function kick(point: PhasePoint, stream: Stream, state: GradientState, inverseMetric: Float64Array): number {
  const { position, momentum, gradient } = point
  position.set(state.position)
  gradient.set(state.gradient)
  point.logDensity = state.logDensity
  fillNormal(stream, momentum)
  let kinetic = 0
  for (let i = 0; i < momentum.length; i++) {
    const standard = momentum[i]
    kinetic += standard * standard
    momentum[i] = standard / Math.sqrt(inverseMetric[i])
  }
  return 0.5 * kinetic - state.logDensity
}
