import type { SamplingAlgorithm } from '../contract/sampling-algorithm.js'
import { kick } from './momentum.js'
import { copyState, evaluate, type GradientState } from './state.js'
import { growTrajectory } from './trajectory.js'
import { createTrajectory, type Trajectory } from './trajectory-workspace.js'
import type { HamiltonianInfo, TunedSettings } from './transition.js'

export type NutsState = GradientState

export interface NutsSettings extends TunedSettings {
  /** At most 2^maximumTreeDepth - 1 leapfrog steps in a transition. */
  readonly maximumTreeDepth: number
}

/**
 * The multinomial no-U-turn sampler.
 *
 * Hoffman and Gelman (2014), JMLR 15:1593; Betancourt (2017), arXiv 1701.02434. Differs from Stan in the order in which random numbers are
 * used, not in the law of the transition. The instance owns work space: one per chain, not re-entrant.
 */
export function nuts(dimension: number): SamplingAlgorithm<NutsState, NutsSettings, HamiltonianInfo> {
  const trajectory = createTrajectory(dimension)
  return {
    name: 'nuts',
    init: evaluate,
    step(stream, state, logDensity, { stepSize, metric, maximumTreeDepth }) {
      const initialEnergy = kick(trajectory.forward, stream, state, metric)
      growTrajectory(trajectory, stream, { logDensity, stepSize, metric, maximumTreeDepth }, initialEnergy)
      return { state: trajectory.hasMoved ? copyState(trajectory.sample) : state, info: informationOn(trajectory, stepSize) }
    },
  }
}

function informationOn(trajectory: Trajectory, stepSize: number): HamiltonianInfo {
  const { leapfrogCount, acceptanceSum, depth, divergedAt, hasMoved, sample, initialEnergy } = trajectory
  const info = {
    acceptance: leapfrogCount === 0 ? 0 : acceptanceSum / leapfrogCount,
    treeDepth: depth,
    leapfrogCount,
    isDivergent: divergedAt !== undefined,
    energy: hasMoved ? sample.energy : initialEnergy,
    stepSize,
  }
  return divergedAt ? { ...info, divergencePosition: divergedAt.position.slice() } : info
}
