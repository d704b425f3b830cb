import type { LogDensity } from '../contract/log-density.js'
import { type Metric, pull, push } from './metric.js'

/** A point of a trajectory in phase space; each array is `[dimension]` and changed in place. */
export interface PhasePoint {
  readonly position: Float64Array
  /** In the coordinates of the metric: standard normal. */
  readonly momentum: Float64Array
  /** Of the log density at `position`. */
  readonly gradient: Float64Array
  /** L' gradient, with a dense metric only. */
  readonly force: Float64Array
  logDensity: number
}

export function createPhasePoint(dimension: number): PhasePoint {
  return {
    position: new Float64Array(dimension),
    momentum: new Float64Array(dimension),
    gradient: new Float64Array(dimension),
    force: new Float64Array(dimension),
    logDensity: Number.NaN,
  }
}

/**
 * One leapfrog (Störmer-Verlet) step in place, for the Hamiltonian H(q, p) = p'p / 2 - log density(q) in the coordinates of the metric L L':
 *
 *     p <- p + (e/2) L' gradient(q),   q <- q + e L p,   p <- p + (e/2) L' gradient(q)
 *
 * Neal (2011), MCMC using Hamiltonian dynamics, arXiv 1206.1901. A negative step goes back in time. Allocates nothing.
 *
 * @returns the energy H at the new point; not finite where the log density or its gradient is not.
 */
export function leapfrog(point: PhasePoint, stepSize: number, { kind, root }: Metric, logDensity: LogDensity): number {
  return kind === 'diagonal' ? diagonalStep(point, stepSize, root, logDensity) : denseStep(point, stepSize, root, logDensity)
}

function diagonalStep(point: PhasePoint, stepSize: number, scales: Float64Array, logDensity: LogDensity): number {
  const { position, momentum, gradient } = point
  const dimension = position.length
  const halfStep = 0.5 * stepSize
  // Two coordinates a turn, as in u-turn.ts.
  const even = dimension & ~1
  for (let i = 0; i < even; i += 2) {
    const j = i + 1
    const scale = scales[i]
    const scale2 = scales[j]
    const p = momentum[i] + halfStep * scale * gradient[i]
    const p2 = momentum[j] + halfStep * scale2 * gradient[j]
    momentum[i] = p
    momentum[j] = p2
    position[i] += stepSize * scale * p
    position[j] += stepSize * scale2 * p2
  }
  if (even < dimension) {
    momentum[even] += halfStep * scales[even] * gradient[even]
    position[even] += stepSize * scales[even] * momentum[even]
  }
  const value = logDensity.valueAndGradient(position, gradient)
  point.logDensity = value
  let kinetic = 0
  for (let i = 0; i < even; i += 2) {
    const j = i + 1
    const p = momentum[i] + halfStep * scales[i] * gradient[i]
    const p2 = momentum[j] + halfStep * scales[j] * gradient[j]
    momentum[i] = p
    momentum[j] = p2
    kinetic += p * p + p2 * p2
  }
  if (even < dimension) {
    const p = momentum[even] + halfStep * scales[even] * gradient[even]
    momentum[even] = p
    kinetic += p * p
  }
  return 0.5 * kinetic - value
}

/** `force` holds L' gradient at the beginning and at the end. */
function denseStep(point: PhasePoint, stepSize: number, root: Float64Array, logDensity: LogDensity): number {
  const { position, momentum, gradient, force } = point
  const dimension = position.length
  const halfStep = 0.5 * stepSize
  for (let i = 0; i < dimension; i++) momentum[i] += halfStep * force[i]
  push(root, stepSize, momentum, position)
  const value = logDensity.valueAndGradient(position, gradient)
  point.logDensity = value
  pull(root, gradient, force)
  let kinetic = 0
  for (let i = 0; i < dimension; i++) {
    const p = momentum[i] + halfStep * force[i]
    momentum[i] = p
    kinetic += p * p
  }
  return 0.5 * kinetic - value
}
