import type { SamplingAlgorithm } from '../contract/sampling-algorithm.js'
import type { Stream } from '../contract/stream.js'
import { createPhasePoint, leapfrog } from './leapfrog.js'
import { kick } from './momentum.js'
import { copyState, evaluate, type GradientState } from './state.js'
import { type HamiltonianInfo, isDivergence, type TunedSettings } from './transition.js'

/** How long a trajectory is, before jitter. */
export type TrajectoryLength =
  /** Integration time in the coordinates of the metric; pi/2 carries a standard normal to an independent point. */
  { readonly time: number } | { readonly stepCount: number }

export interface HmcSettings extends TunedSettings {
  readonly length: TrajectoryLength
  /** In [0, 1): each trajectory's length is multiplied by a number uniform on (1 - jitter, 1 + jitter). */
  readonly lengthJitter: number
}

/** A length in time makes at most this many leapfrog steps, some ten times the usual number: a chain whose step size collapses ends all the same, and mixes so poorly that its checks fail. */
const MOST_STEPS_OF_TIME = 127

/**
 * Static Hamiltonian Monte Carlo: a trajectory of given length, whose end is accepted with probability min(1, exp(H_0 - H)).
 *
 * Duane et al. (1987), doi 10.1016/0370-2693(87)91197-X; Neal (2011), arXiv 1206.1901, whose section 3.2 says why lengths should vary: a
 * trajectory whose length is a period of some direction stays where it is in that direction. The length is drawn before and regardless of the
 * state, so every transition leaves the target invariant. The instance owns work space: one per chain, not re-entrant.
 */
export function hmc(dimension: number): SamplingAlgorithm<GradientState, HmcSettings, HamiltonianInfo> {
  const point = createPhasePoint(dimension)
  return {
    name: 'hmc',
    init: evaluate,
    step(stream, state, logDensity, settings) {
      const { stepSize, metric } = settings
      const stepCount = drawStepCount(stream, settings)
      const initialEnergy = kick(point, stream, state, metric)
      let gain = 0
      let leapfrogCount = 0
      while (leapfrogCount < stepCount && !isDivergence(gain)) {
        gain = initialEnergy - leapfrog(point, stepSize, metric, logDensity)
        leapfrogCount++
      }
      const isDivergent = isDivergence(gain)
      const acceptance = isDivergent ? 0 : Math.min(1, Math.exp(gain))
      const isAccepted = stream.uniform() < acceptance
      const energy = isAccepted ? initialEnergy - gain : initialEnergy
      const info = { acceptance, treeDepth: 0, leapfrogCount, isDivergent, energy, stepSize }
      return {
        state: isAccepted ? copyState(point) : state,
        info: isDivergent ? { ...info, divergencePosition: point.position.slice() } : info,
      }
    },
  }
}

function drawStepCount(stream: Stream, { stepSize, length, lengthJitter }: HmcSettings): number {
  const stepCount = 'time' in length ? Math.min(MOST_STEPS_OF_TIME, length.time / stepSize) : length.stepCount
  const factor = lengthJitter > 0 ? 1 + lengthJitter * (2 * stream.uniform() - 1) : 1
  return Math.max(1, Math.round(factor * stepCount))
}
