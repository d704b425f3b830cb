import type { Draws } from '../draws/draws.js'
import type { Prior } from './distribution.js'
import type { Model } from './model.js'
import type { TrialEstimate } from './trial.js'

/**
 * A second stage. One a file in `models/pooling/`, exported as `poolingMethod`; the file name is its name in a protocol.
 *
 * Whatever the method, its draws contain, on the analysis scale and over the coefficients of `TrialEstimate`:
 * `mu[coefficient]` (average setting), `theta_new[coefficient]` (a new setting), `theta[study,coefficient]` (the existing trials),
 * `tau[coefficient]` (between-trial standard deviations, 0 where the effect is taken as common) and `Omega[coefficient,coefficient]`
 * (between-trial correlations; absent when there are none to estimate).
 */
export interface PoolingMethod<Options = unknown, Data = unknown> {
  readonly name: string
  readonly summary: string
  /** Mean acceptance probability that the step size aims at, unless the protocol says otherwise. */
  readonly targetAcceptance: number
  /** @throws ProtocolError naming the option. */
  parseOptions(raw: unknown): Options
  describe(options: Options): string
  condition(
    trials: readonly TrialEstimate[],
    options: Options,
  ): { readonly model: Model<Data, Record<string, Prior>>; readonly data: Data }
  /** Draws of the model's own parameters and quantities into the variables named above. */
  pooledDraws(draws: Draws): Draws
}
