import type { LogDensity } from '../contract/log-density.js'
import { createPhasePoint, type PhasePoint } from './leapfrog.js'
import type { Metric } from './metric.js'

/**
 * Work space of a growing trajectory, allocated once per chain. Weights of points are exp(H_0 - H), kept on the natural scale divided by
 * exp(logScale), which leaves 0 only in trajectories that gain hundreds of units of energy.
 */
export interface Trajectory {
  readonly backward: PhasePoint
  readonly forward: PhasePoint
  /** Sum of all momenta, `[dimension]`. */
  readonly momentumSum: Float64Array
  /** Momentum at the end that is being extended, before the extension, `[dimension]`. */
  readonly seam: Float64Array
  readonly levels: Level[]
  sample: Candidate
  proposal: Candidate
  initialEnergy: number
  logScale: number
  weight: number
  newWeight: number
  acceptanceSum: number
  leapfrogCount: number
  depth: number
  /** The end that diverged, if one did. */
  divergedAt: PhasePoint | undefined
  hasMoved: boolean
}

/** A point that may become the draw. */
export interface Candidate {
  readonly position: Float64Array
  readonly gradient: Float64Array
  logDensity: number
  energy: number
}

/** A completed stretch of 2^level points: its first and last momenta and the sum of all. */
export interface Level {
  first: Float64Array
  readonly last: Float64Array
  sum: Float64Array
}

/** What stays the same during one transition. */
export interface Dynamics {
  readonly logDensity: LogDensity
  readonly stepSize: number
  readonly metric: Metric
  readonly maximumTreeDepth: number
}

export function createTrajectory(dimension: number): Trajectory {
  const candidate = (): Candidate => ({
    position: new Float64Array(dimension),
    gradient: new Float64Array(dimension),
    logDensity: Number.NaN,
    energy: Number.NaN,
  })
  return {
    backward: createPhasePoint(dimension),
    forward: createPhasePoint(dimension),
    momentumSum: new Float64Array(dimension),
    seam: new Float64Array(dimension),
    levels: [],
    sample: candidate(),
    proposal: candidate(),
    initialEnergy: Number.NaN,
    logScale: Number.NaN,
    weight: Number.NaN,
    newWeight: Number.NaN,
    acceptanceSum: Number.NaN,
    leapfrogCount: 0,
    depth: 0,
    divergedAt: undefined,
    hasMoved: false,
  }
}

/** Makes the point in `forward` a trajectory of one point with this energy. */
export function startTrajectory(trajectory: Trajectory, initialEnergy: number, maximumTreeDepth: number): void {
  const { forward, backward, levels, momentumSum } = trajectory
  backward.position.set(forward.position)
  backward.momentum.set(forward.momentum)
  backward.gradient.set(forward.gradient)
  backward.force.set(forward.force)
  momentumSum.set(forward.momentum)
  const dimension = momentumSum.length
  while (levels.length < maximumTreeDepth)
    levels.push({ first: new Float64Array(dimension), last: new Float64Array(dimension), sum: new Float64Array(dimension) })
  trajectory.initialEnergy = initialEnergy
  trajectory.logScale = 0
  trajectory.weight = 1
  trajectory.acceptanceSum = 0
  trajectory.leapfrogCount = 0
  trajectory.depth = 0
  trajectory.divergedAt = undefined
  trajectory.hasMoved = false
}
