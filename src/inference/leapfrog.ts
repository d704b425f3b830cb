import type { LogDensity } from '../contract/log-density.js'
import { type Metric, pull, push } from './metric.js'
import { squaredNorm } from './momentum.js'

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
  const halfStep = 0.5 * stepSize
  for (let i = 0; i < position.length; i++) {
    momentum[i] += halfStep * scales[i] * gradient[i]
    position[i] += stepSize * scales[i] * momentum[i]
  }
  point.logDensity = logDensity.valueAndGradient(position, gradient)
  for (let i = 0; i < position.length; i++) momentum[i] += halfStep * scales[i] * gradient[i]
  return 0.5 * squaredNorm(momentum) - point.logDensity
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
  for (let i = 0; i < dimension; i++) momentum[i] += halfStep * force[i]
  return 0.5 * squaredNorm(momentum) - value
}
