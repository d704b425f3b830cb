import type { Metric } from './metric.js'

/** What warmup tunes for every Hamiltonian algorithm, and sampling holds fixed. */
export interface TunedSettings {
  /** Of a leapfrog step, in the coordinates of the metric. */
  readonly stepSize: number
  readonly metric: Metric
}

/** What a Hamiltonian transition says about itself. */
export interface HamiltonianInfo {
  /** In [0, 1], what step size adaptation aims at: the mean of min(1, exp(H_0 - H)) over the points that could have been drawn. */
  readonly acceptance: number
  /** Completed doublings of a NUTS trajectory, else 0. */
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

/** Energy error that counts as a divergence: arbitrary, far above what a stable integrator makes (Betancourt 2017, 6.2; Stan's value). */
const DIVERGENCE_THRESHOLD = 1000

/** @param gain H_0 - H */
export function isDivergence(gain: number): boolean {
  return !(gain >= -DIVERGENCE_THRESHOLD && gain < Number.POSITIVE_INFINITY)
}
