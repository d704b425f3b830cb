import type { Draws } from '../draws/draws.js'
import type { ApproximationAlgorithm } from './analysis.js'
import type { Prior } from './distribution.js'
import type { Model } from './model.js'
import type { Stream } from './stream.js'
import type { TrialDesign, TrialEstimate } from './trial.js'

/**
 * Effects of people in one trial's setting, drawn from the posterior of a first stage. Analysis scale.
 */
export interface EffectPredictor {
  readonly chainCount: number
  /** Draws per chain: at least those of the fit. */
  readonly drawCount: number
  /**
   * @param people their modifiers, scaled as in the trial and in the order of its columns, `[person, modifier]`
   * @param count of people, since there may be no modifiers
   * @param stream for effects that are random given the parameters
   * @returns `[chain, draw, person]`, people jointly
   */
  predict(people: Float64Array, count: number, stream: Stream): Float64Array
}

/** How a model is fitted when not by NUTS with the settings of the protocol. */
export interface ApproximateFit {
  readonly algorithm: ApproximationAlgorithm
  readonly draws: number
  /** Draws of the approximation that are weighed to get them. */
  readonly proposals?: number
}

/**
 * A model of one trial. One a file in `models/first-stage/`, exported as `firstStageModel`; the file name is its name in a protocol.
 *
 * Every model predicts effects, which any second stage that pools effects can take. One whose effect is linear in the modifiers has
 * coefficients too, in `estimate`.
 */
export interface FirstStageModel<Options = unknown, Data = unknown> {
  readonly name: string
  /** One line for lists of models. */
  readonly summary: string
  /** Mean acceptance probability that the step size aims at, unless the protocol says otherwise. */
  targetAcceptance(options: Options): number
  /** Set when the posterior is to be approximated instead of sampled. */
  approximation?(options: Options): ApproximateFit | undefined
  /**
   * Completes the protocol's `firstStage` options with defaults.
   * @throws ProtocolError naming the option.
   */
  parseOptions(raw: unknown): Options
  /** The sentence of the methods paragraph: likelihood and priors with these options. */
  describe(options: Options): string
  /** The probabilistic model and the data to condition it on. */
  condition(trial: TrialDesign, options: Options): { readonly model: Model<Data, Record<string, Prior>>; readonly data: Data }
  /** Posterior mean and covariance of the coefficients of the treatment effect; absent when the effect is not linear in the modifiers. */
  estimate?(draws: Draws, trial: TrialDesign): TrialEstimate
  /** Effects under posterior draws of this model, conditioned on this trial with these options. */
  effects(draws: Draws, trial: TrialDesign, options: Options): EffectPredictor
  /**
   * What convergence is judged by when parameters are not identified, such as expected effects of people, for all or evenly spaced draws of
   * every chain; absent when the parameters themselves will do.
   * @param people as for `EffectPredictor`, with a name for each
   */
  identified?(
    draws: Draws,
    trial: TrialDesign,
    options: Options,
    people: { readonly names: readonly string[]; readonly modifiers: Float64Array },
  ): Draws
}
