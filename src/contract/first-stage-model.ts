import type { Draws } from '../draws/draws.js'
import type { Prior } from './distribution.js'
import type { Model } from './model.js'
import type { TrialDesign, TrialEstimate } from './trial.js'

/**
 * A model of one trial. One a file in `models/first-stage/`, exported as `firstStageModel`; the file name is its name in a protocol.
 */
export interface FirstStageModel<Options = unknown, Data = unknown> {
  readonly name: string
  /** One line for lists of models. */
  readonly summary: string
  /** Mean acceptance probability that the step size aims at, unless the protocol says otherwise. */
  readonly targetAcceptance: number
  /**
   * Completes the protocol's `firstStage` options with defaults.
   * @throws ProtocolError naming the option.
   */
  parseOptions(raw: unknown): Options
  /** The sentence of the methods paragraph: likelihood and priors with these options. */
  describe(options: Options): string
  /** The probabilistic model and the data to condition it on. */
  condition(trial: TrialDesign, options: Options): { readonly model: Model<Data, Record<string, Prior>>; readonly data: Data }
  /** Posterior mean and covariance of the coefficients of the treatment effect. */
  estimate(draws: Draws, trial: TrialDesign): TrialEstimate
}
