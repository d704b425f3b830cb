import type { Draws } from '../draws/draws.js'
import type { Warning } from './analysis.js'
import type { Prior } from './distribution.js'
import type { EffectPredictor } from './first-stage-model.js'
import type { Model } from './model.js'
import type { Stream } from './stream.js'
import type { TrialDesign, TrialEstimate } from './trial.js'

type ParameterValues = Readonly<Record<string, Float64Array>>

/**
 * How one draw of a model that was sampled with the trials' draws smoothed is to be weighted so that they count as they are.
 * @param values the model's variables in that draw
 */
export type SiteCorrection = (
  stream: Stream,
  values: ParameterValues,
) => {
  /** Logarithm of the likelihood of the trials' draws over that of the smoothed ones, up to a constant, and the variance it has because draws are finitely many. */
  readonly logRatio: number
  readonly variance: number
  /** What belongs to trials, drawn anew. */
  readonly variables: ParameterValues
}

interface SecondStage<Options> {
  readonly name: string
  readonly summary: string
  /** @throws ProtocolError naming the option. */
  parseOptions(raw: unknown): Options
  describe(options: Options): string
}

/**
 * A second stage that pools the coefficients of the treatment effect. One a file in `models/pooling/`, exported as `poolingMethod`; the file
 * name is its name in a protocol.
 *
 * Whatever the method, its draws contain, on the analysis scale and over the coefficients of `TrialEstimate`:
 * `mu[coefficient]` (average setting), `theta_new[coefficient]` (a new setting), `theta[study,coefficient]` (the existing trials),
 * `tau[coefficient]` (between-trial standard deviations, 0 where the effect is taken as common) and `Omega[coefficient,coefficient]`
 * (between-trial correlations; absent when there are none to estimate).
 */
export interface PoolingMethod<Options = unknown, Data = unknown> extends SecondStage<Options> {
  /** Needs a first stage with `estimate`. */
  readonly takes: 'coefficients'
  /** Mean acceptance probability that the step size aims at, unless the protocol says otherwise. */
  targetAcceptance(options: Options): number
  /** Whether `TrialEstimate.draws` are wanted. */
  takesDraws?(options: Options): boolean
  /** Whether the first stage's prior is taken out of the trials' posteriors. */
  dividesOutPrior?(options: Options): boolean
  /** These options and the same under other priors of the heterogeneity, which are fitted too and shown beside them; these options come first. */
  alternatives?(options: Options): readonly { readonly label: string; readonly options: Options }[]
  /** What must be known before the results are believed, such as that there are too few trials for what is estimated. */
  cautions?(trials: readonly TrialEstimate[], options: Options): readonly Warning[]
  /**
   * Where draws of the trials are pooled, the log importance weights that they get, up to a constant, `[trial][draw]`: heavy tails mean that a trial's draws do not
   * cover what is pooled. Otherwise nothing.
   * @param draws of the model's own parameters and quantities
   */
  siteLogRatios?(draws: Draws, data: Data, options: Options): readonly Float64Array[] | undefined
  /** Where draws of the trials are pooled, how to correct for their having been smoothed. */
  siteCorrection?(trials: readonly TrialEstimate[], options: Options): SiteCorrection | undefined
  condition(
    trials: readonly TrialEstimate[],
    options: Options,
  ): { readonly model: Model<Data, Record<string, Prior>>; readonly data: Data }
  /** Draws of the model's own parameters and quantities into the variables named above. */
  pooledDraws(draws: Draws): Draws
}

export interface DirectPooling {
  /** Of the result. */
  readonly chainCount: number
  readonly drawCount: number
  /** The stream of a chain. */
  readonly streamFor: (chain: number) => Stream
}

export interface PooledEstimates {
  /** The variables that `PoolingMethod` names, `Omega` where coefficients vary together. */
  readonly draws: Draws
  /** What was found besides, in sentences for the methods paragraph. */
  readonly findings: string
  readonly warnings: readonly Warning[]
  /** False when the estimates are not what their definition says, because an iteration ended early. */
  readonly isConverged: boolean
}

/**
 * A second stage that pools coefficients without a model to sample from, such as a frequentist one; found like the others. Its independent draws are those of a
 * confidence distribution, whose quantiles are confidence and prediction intervals.
 */
export interface DirectPoolingMethod<Options = unknown> extends SecondStage<Options> {
  /** Needs a first stage with `estimate`. */
  readonly takes: 'estimates'
  /** @throws DataError when the trials cannot be pooled. */
  pool(trials: readonly TrialEstimate[], options: Options, request: DirectPooling): PooledEstimates
}

/** A trial with what its model predicts, as a second stage that pools effects may see it before anybody's effect is asked for. */
export interface PredictedTrial {
  readonly design: TrialDesign
  readonly predictor: EffectPredictor
}

/** Effects of some people in the setting of one trial, analysis scale. */
export interface TrialEffects {
  readonly study: string
  readonly patientCount: number
  /** `[draw, person]` over all chains; draws of different trials are independent, and there may be differently many. */
  readonly draws: Float64Array
  /** The people as the models of this trial see them: modifiers scaled, in the order of its columns, `[person, modifier]`. */
  readonly modifiers: Float64Array
  /** The reference patient, jointly with the people: effects `[draw]` and modifiers `[modifier]`. Given when `EffectNeeds` says so. */
  readonly reference?: { readonly draws: Float64Array; readonly modifiers: Float64Array; readonly refits?: Float64Array }
  /** Effects according to refits of the trial's model to bootstrap samples of its patients, `[refit, person]`. Given when `EffectNeeds` says so. */
  readonly refits?: Float64Array
}

/** What a method has to be given beside the effects of people. */
export interface EffectNeeds {
  /** Bootstrap samples of each trial's patients, with replacement, to which its model is fitted again. */
  readonly refits?: number
  /** The effect of the reference patient together with everybody else's. */
  readonly reference?: boolean
}

export interface EffectPooling {
  /** A name for each person. */
  readonly people: readonly string[]
  /** Of the result. */
  readonly chainCount: number
  readonly drawCount: number
  /** The stream of a chain: the same one for the same chain, however people are divided among calls. */
  readonly streamFor: (chain: number) => Stream
  /** Effects in the trials themselves, `theta`, are not wanted and may be left out. */
  readonly withoutTrials?: boolean
}

export interface PooledEffects {
  readonly draws: Draws
  /** Share of each trial in the average effect of each person, averaged over draws: `[person, trial]`, each row adding up to 1. */
  readonly weights: Float64Array
}

/**
 * A second stage that pools the effects of people, whatever model predicts them; found like the others.
 *
 * Its draws contain, on the analysis scale, `mu[person]`, `theta_new[person]`, `theta[study,person]` and `tau[person]`, which mean for a person
 * what they mean for a coefficient above. What a person gets does not depend on who else is asked about.
 */
export interface EffectPoolingMethod<Options = unknown, Preparation = unknown> extends SecondStage<Options> {
  readonly takes: 'effects'
  /** Set when draws of the trials must be from posteriors. */
  readonly mixesPosteriors?: boolean
  needs?(options: Options): EffectNeeds
  /**
   * What is the same for everybody: from the trials, once for an analysis. Plain data that survive JSON, since predictions for new patients begin from them.
   * @throws DataError when a trial does not allow what the options ask for.
   */
  prepare?(trials: readonly PredictedTrial[], options: Options, stream: Stream): Preparation
  /** @param preparation what `prepare` returned; undefined when there is none */
  pool(trials: readonly TrialEffects[], options: Options, request: EffectPooling, preparation: Preparation): PooledEffects
}

export type AnyPoolingMethod = PoolingMethod | DirectPoolingMethod | EffectPoolingMethod
