import type { Draws } from './draws.js'

/** Draws together with what the sampler said about each of them. */
export interface SampledDraws {
  readonly draws: Draws
  /**
   * Scalars of the sampler for the same chains and draws, under the names that `diagnose` knows: `log_density`, `acceptance`, `step_size`,
   * `tree_depth`, `leapfrog_count`, `divergent` (0 or 1), `energy`. Absent when the draws come from no Hamiltonian sampler or the file does
   * not say.
   */
  readonly sampler?: Draws
}
