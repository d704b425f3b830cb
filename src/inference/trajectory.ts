import type { Stream } from '../contract/stream.js'
import { extendTrajectory } from './extend-trajectory.js'
import { type Dynamics, startTrajectory, type Trajectory } from './trajectory-workspace.js'
import { joinStretches } from './u-turn.js'

/**
 * Grows a trajectory by doubling until it turns back on itself, and draws one of its points: the inside of a NUTS transition.
 *
 * A complete new half replaces the sample of the old one with probability min(1, W_new / W_old) (biased progressive sampling: Betancourt
 * 2017, arXiv 1701.02434, A.3.2).
 *
 * Starts from the point in `trajectory.forward`, which the caller has filled and whose energy is `initialEnergy`. The draw is left in `sample`
 * when `hasMoved`; otherwise it is the initial point.
 */
export function growTrajectory(trajectory: Trajectory, stream: Stream, dynamics: Dynamics, initialEnergy: number): void {
  startTrajectory(trajectory, initialEnergy, dynamics.maximumTreeDepth)
  while (trajectory.depth < dynamics.maximumTreeDepth) {
    const isForward = stream.uniform() < 0.5
    const moving = isForward ? trajectory.forward : trajectory.backward
    const resting = isForward ? trajectory.backward : trajectory.forward
    trajectory.seam.set(moving.momentum)
    if (!extendTrajectory(trajectory, stream, dynamics, moving, isForward ? dynamics.stepSize : -dynamics.stepSize)) return
    if (stream.uniform() * trajectory.weight < trajectory.newWeight) acceptProposal(trajectory)
    trajectory.weight += trajectory.newWeight
    const newHalf = trajectory.depth === 0 ? undefined : trajectory.levels[trajectory.depth - 1]
    trajectory.depth++
    const goesOn = joinStretches(
      resting.momentum,
      trajectory.seam,
      trajectory.momentumSum,
      newHalf ? newHalf.first : moving.momentum,
      moving.momentum,
      newHalf ? newHalf.sum : moving.momentum,
    )
    if (!goesOn) return
  }
}

function acceptProposal(trajectory: Trajectory): void {
  const { sample, proposal } = trajectory
  trajectory.sample = proposal
  trajectory.proposal = sample
  trajectory.hasMoved = true
}
