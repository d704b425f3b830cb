import type { Draws } from '../draws/draws.js'
import type { ApproximationAlgorithm } from './analysis.js'
import type { Prior } from './distribution.js'
import type { Model } from './model.js'
import type { OutcomePredictor } from './outcome-predictor.js'
import type { Stream } from './stream.js'
import type { EffectPrior, TrialDesign, TrialEstimate } from './trial.js'

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
  /** Posterior means of the same effects without Monte Carlo error of draws given the parameters, where that costs much less than to draw them. `[person]` */
  mean?(people: Float64Array, count: number): Float64Array
}

/** How a model suggests to be fitted instead of by NUTS. What the protocol says in `inference.algorithm` comes before it. */
export interface ApproximateFit {
  readonly algorithm: ApproximationAlgorithm
  readonly draws: number
  /** Draws of the approximation that are weighed to get them. */
  readonly proposals?: number
  /**
   * With `nuts`, a trial whose approximation cannot be found or fails a check (k-hat, effective sample size of the importance weights, end of the algorithm)
   * is sampled by NUTS with the settings of the protocol, and the report says so. When left out, the approximation stays, as a failed fit.
   */
  readonly fallback?: 'nuts'
}

/** Lengths of the chains that sample a model whose draws cost more, or are worth more, than most. What the protocol says comes before it. */
export interface SuggestedSampling {
  readonly warmup?: number
  /** Per chain. */
  readonly draws?: number
  /** `nuts` when left out. */
  readonly algorithm?: 'hmc'
  /** Starts of chains: uniform on (-2, 2) of the unconstrained scale when left out. */
  readonly start?: 'prior'
  /** See `SamplerOptions`. */
  readonly climb?: boolean
}

/** What independent draws are asked for: as many chains and draws as a sampler would give, so that they fit in wherever its draws do. */
export interface ExactRequest {
  readonly chainCount: number
  /** Draws per chain. */
  readonly drawCount: number
  /** The stream of a chain. */
  readonly streamFor: (chain: number) => Stream
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
  /**
   * 1000 warmup transitions and 1000 draws per chain when left out, as in Stan.
   * @param patientCount of the trial; when left out, an answer for trials of a usual size
   */
  sampling?(options: Options, patientCount?: number): SuggestedSampling
  /**
   * Set when patients are not independent given the parameters, so that none of them can be left out or count twice by a weight. Such a model is not
   * refitted to bootstrap samples.
   */
  readonly isJointLikelihood?: boolean
  /** Set when draws are from a confidence or bootstrap distribution, which is no posterior that could be mixed. */
  readonly isFrequentist?: boolean
  /** Set when effects of people are computed from the patients of the trial, and not from draws of the parameters alone. */
  readonly predictsFromPatients?: boolean
  /**
   * How many functions of the covariates its prognosis or its effect is a sum of, whichever has more, beside the linear part: hidden units, decisions of trees.
   * 0 when left out.
   */
  featureCount?(options: Options): number
  /**
   * Set when the model suggests that its posterior be approximated instead of sampled. The fit of one trial may then be one chain of `draws` draws
   * and that of another, where the approximation failed, the chains of the protocol.
   */
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
  /**
   * Independent draws of the parameters and derived quantities of `condition`'s model: from its posterior itself, or, for a frequentist method, from the
   * confidence or bootstrap distribution that `describe` names. `undefined` when the options or the trial allow none, so that chains have to be run. Chain c is
   * the same whichever other chains there are.
   * @throws DataError when the posterior is improper
   */
  exact?(trial: TrialDesign, options: Options, request: ExactRequest): Draws | undefined
  /** Sentences that a reader should see before believing the fit of this trial, such as where the prior decides. */
  cautions?(trial: TrialDesign, options: Options): readonly string[]
  /** Posterior mean and covariance of the coefficients of the treatment effect; absent when the effect is not linear in the modifiers. */
  estimate?(draws: Draws, trial: TrialDesign): TrialEstimate
  /** Why `estimate` is absent though the effect is linear in the modifiers: a clause for the refusal to pool coefficients. */
  readonly withoutEstimate?: string
  /** The prior of those coefficients; absent when the model does not say. */
  effectPrior?(trial: TrialDesign, options: Options): EffectPrior
  /** Effects under posterior draws of this model, conditioned on this trial with these options. */
  effects(draws: Draws, trial: TrialDesign, options: Options): EffectPredictor
  /**
   * Expected outcomes under posterior draws of this model. Draws of `sigma`, with `degreesOfFreedom` and `sigmaRatio` where the model has them, say how patients vary about
   * what is expected.
   */
  outcomes?(draws: Draws, trial: TrialDesign, options: Options): OutcomePredictor
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
