import type { Stream } from '../contract/stream.js'
import { leapfrog, type PhasePoint } from './leapfrog.js'
import type { Dynamics, Level, Trajectory } from './trajectory-workspace.js'
import { isDivergence } from './transition.js'
import { joinPoints, joinStretches } from './u-turn.js'

/** Weights beyond this are rescaled; its square is still finite. */
const LARGEST_WEIGHT = 1e150

/**
 * Moves one end of the trajectory by as many steps as it has points, which makes a new half with its weight, a proposal drawn from it in
 * proportion to the weights (one pass of weighted reservoir sampling: only about log(points) of them are copied), and its momenta in `levels`.
 * Allocates nothing.
 *
 * @returns false when the new half diverges or turns within itself, and must not be used.
 */
export function extendTrajectory(
  trajectory: Trajectory,
  stream: Stream,
  dynamics: Dynamics,
  point: PhasePoint,
  step: number,
): boolean {
  const { metric, logDensity } = dynamics
  const { initialEnergy, depth, levels } = trajectory
  const pointCount = 2 ** depth
  trajectory.newWeight = 0
  for (let index = 0; index < pointCount; index++) {
    const energy = leapfrog(point, step, metric, logDensity)
    trajectory.leapfrogCount++
    const gain = initialEnergy - energy
    if (isDivergence(gain)) {
      trajectory.divergedAt = point
      return false
    }
    weigh(trajectory, stream, point, energy, gain)
    if (!joinCompleted(levels, point.momentum, index, depth)) return false
  }
  return true
}

/** Adds the weight of a new point, and makes it the proposal with probability weight / weight of the new half so far. */
function weigh(trajectory: Trajectory, stream: Stream, point: PhasePoint, energy: number, gain: number): void {
  let weight = Math.exp(gain - trajectory.logScale)
  trajectory.acceptanceSum += gain < 0 ? Math.exp(gain) : 1
  if (weight > LARGEST_WEIGHT) {
    rescale(trajectory, gain)
    weight = 1
  }
  trajectory.newWeight += weight
  if (stream.uniform() * trajectory.newWeight < weight) {
    const { proposal } = trajectory
    proposal.position.set(point.position)
    proposal.gradient.set(point.gradient)
    proposal.logDensity = point.logDensity
    proposal.energy = energy
  }
}

function rescale(trajectory: Trajectory, logScale: number): void {
  const factor = Math.exp(trajectory.logScale - logScale)
  trajectory.weight *= factor
  trajectory.newWeight *= factor
  trajectory.logScale = logScale
}

/**
 * Joins all stretches that the point with this index completes: one per trailing 1 of the index in binary. What results waits on its level;
 * a whole new half (2^depth points) stays on level depth - 1.
 */
function joinCompleted(levels: Level[], momentum: Float64Array, index: number, depth: number): boolean {
  if (depth === 0) return true
  if ((index & 1) === 0) {
    levels[0].first.set(momentum)
    return true
  }
  if (!joinPoints(levels[0].first, momentum, levels[0].sum)) return false
  let level = 1
  for (let rest = index >> 1; (rest & 1) === 1; rest >>= 1) {
    const left = levels[level]
    const right = levels[level - 1]
    if (!joinStretches(left.first, left.last, left.sum, right.first, momentum, right.sum)) return false
    level++
  }
  if (level < depth) park(levels[level - 1], levels[level], momentum)
  return true
}

/** Hands a completed stretch to the level where it waits for its sibling. */
function park(completed: Level, waiting: Level, last: Float64Array): void {
  const { first, sum } = waiting
  waiting.first = completed.first
  waiting.sum = completed.sum
  completed.first = first
  completed.sum = sum
  waiting.last.set(last)
}
