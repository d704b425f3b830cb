import type { Draws } from '../draws/draws.js'
import type { Prior } from './distribution.js'
import type { Model } from './model.js'
import type { Stream } from './stream.js'
import type { TrialEstimate } from './trial.js'

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
  readonly targetAcceptance: number
  condition(
    trials: readonly TrialEstimate[],
    options: Options,
  ): { readonly model: Model<Data, Record<string, Prior>>; readonly data: Data }
  /** Draws of the model's own parameters and quantities into the variables named above. */
  pooledDraws(draws: Draws): Draws
}

/** Effects of some people in the setting of one trial, analysis scale. */
export interface TrialEffects {
  readonly study: string
  readonly patientCount: number
  /** `[draw, person]` over all chains; draws of different trials are independent, and there may be differently many. */
  readonly draws: Float64Array
}

export interface EffectPooling {
  /** A name for each person. */
  readonly people: readonly string[]
  /** Of the result. */
  readonly chainCount: number
  readonly drawCount: number
  /** The stream of a chain: the same one for the same chain, however people are divided among calls. */
  readonly streamFor: (chain: number) => Stream
}

/**
 * A second stage that pools the effects of people, whatever model predicts them; found like the others.
 *
 * Its draws contain, on the analysis scale, `mu[person]`, `theta_new[person]`, `theta[study,person]` and `tau[person]`, which mean for a person
 * what they mean for a coefficient above. What a person gets does not depend on who else is asked about.
 */
export interface EffectPoolingMethod<Options = unknown> extends SecondStage<Options> {
  readonly takes: 'effects'
  pool(trials: readonly TrialEffects[], options: Options, request: EffectPooling): Draws
}

export type AnyPoolingMethod = PoolingMethod | EffectPoolingMethod
