import type { SamplingAlgorithm } from '../contract/sampling-algorithm.js'
import { kick } from './momentum.js'
import { copyState, evaluate, type GradientState } from './state.js'
import { growTrajectory } from './trajectory.js'
import { createTrajectory, type Trajectory } from './trajectory-workspace.js'

export type NutsState = GradientState

export interface NutsSettings {
  readonly stepSize: number
  /** Diagonal of the inverse mass matrix: an estimate of the variance of each coordinate, `[dimension]`. */
  readonly inverseMetric: Float64Array
  /** At most 2^maximumTreeDepth - 1 leapfrog steps in a transition. */
  readonly maximumTreeDepth: number
}

export interface NutsInfo {
  /** Mean of min(1, exp(H_0 - H)) over all points visited, in [0, 1]: what step size adaptation aims at. */
  readonly acceptance: number
  /** Completed doublings. */
  readonly treeDepth: number
  readonly leapfrogCount: number
  /** The energy error exceeded 1000, or something was not finite. */
  readonly isDivergent: boolean
  /** H at the point drawn, momentum included. */
  readonly energy: number
  readonly stepSize: number
  /** Where the trajectory left the region in which the integrator works; only for a divergence. `[dimension]` */
  readonly divergencePosition?: Float64Array
}

/**
 * The multinomial no-U-turn sampler with a diagonal metric.
 *
 * Hoffman and Gelman (2014), JMLR 15:1593; Betancourt (2017), arXiv 1701.02434. Differs from Stan in the order in which random numbers are
 * used, not in the law of the transition. The instance owns work space: one per chain, not re-entrant.
 */
export function nuts(dimension: number): SamplingAlgorithm<NutsState, NutsSettings, NutsInfo> {
  const trajectory = createTrajectory(dimension)
  return {
    name: 'nuts',
    init: evaluate,
    step(stream, state, logDensity, { stepSize, inverseMetric, maximumTreeDepth }) {
      const initialEnergy = kick(trajectory.forward, stream, state, inverseMetric)
      growTrajectory(trajectory, stream, { logDensity, stepSize, inverseMetric, maximumTreeDepth }, initialEnergy)
      return { state: trajectory.hasMoved ? copyState(trajectory.sample) : state, info: informationOn(trajectory, stepSize) }
    },
  }
}

function informationOn(trajectory: Trajectory, stepSize: number): NutsInfo {
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
