import type { LogDensity } from '../contract/log-density.js'

/** A point of a trajectory in phase space; each array is `[dimension]` and changed in place. */
export interface PhasePoint {
  readonly position: Float64Array
  readonly momentum: Float64Array
  readonly gradient: Float64Array
  logDensity: number
}

export function createPhasePoint(dimension: number): PhasePoint {
  return {
    position: new Float64Array(dimension),
    momentum: new Float64Array(dimension),
    gradient: new Float64Array(dimension),
    logDensity: Number.NaN,
  }
}

/**
 * One leapfrog (Störmer-Verlet) step in place, for the Hamiltonian H(q, p) = p' M^-1 p / 2 - log density(q) with diagonal M^-1:
 *
 *     p <- p + (e/2) gradient(q),   q <- q + e M^-1 p,   p <- p + (e/2) gradient(q)
 *
 * Neal (2011), MCMC using Hamiltonian dynamics, arXiv 1206.1901. A negative step goes back in time.
 *
 * @param inverseMetric diagonal of M^-1, `[dimension]`
 * @returns the energy H at the new point; not finite where the log density or its gradient is not.
 */
export function leapfrog(point: PhasePoint, stepSize: number, inverseMetric: Float64Array, logDensity: LogDensity): number {
  const { position, momentum, gradient } = point
  const dimension = position.length
  const halfStep = 0.5 * stepSize
  for (let i = 0; i < dimension; i++) {
    const p = momentum[i] + halfStep * gradient[i]
    momentum[i] = p
    position[i] += stepSize * inverseMetric[i] * p
  }
  const value = logDensity.valueAndGradient(position, gradient)
  let kinetic = 0
  for (let i = 0; i < dimension; i++) {
    const p = momentum[i] + halfStep * gradient[i]
    momentum[i] = p
    kinetic += p * p * inverseMetric[i]
  }
  point.logDensity = value
  return 0.5 * kinetic - value
}
