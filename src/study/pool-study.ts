/** Pools the fitted trials of a data set by one second stage: point predictions for all people, intervals for some. */
import type { Catalog } from '../catalog.js'
import { chainStream } from '../chain-task.js'
import { requireMatchingStages } from '../check-stages.js'
import type { AnyPoolingMethod, DirectPoolingMethod, EffectPoolingMethod } from '../contract/pooling-method.js'
import type { TrialEstimate } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import type { AuxiliaryModel } from '../effects/auxiliary-model.js'
import type { ProgramCache } from '../engine/program-cache.js'
import { fitConditioned } from '../fit.js'
import { condition } from '../language/condition.js'
import { multivariateMetaAnalysis } from '../numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { MetaAnalysisOptions } from '../numeric/multivariate-meta-analysis/options.js'
import { trialEstimate } from '../trial-estimates.js'
import type { EffectMoments } from './effect-moments.js'
import type { FittedTrial } from './first-stage-fit.js'
import type { SecondStageChoice } from './study-methods.js'
import type { StudySettings } from './study-task.js'

/** People as all trials may see them. */
export interface StudyPeople {
  readonly count: number
  /** Scaled, all covariates, `[person, modifier]`. */
  readonly modifiers: Float64Array
}

/** One trial with what it says about the people of a request. */
export interface PooledTrial {
  readonly fitted: FittedTrial
  readonly moments: EffectMoments
  readonly refitMoments?: EffectMoments
  /** Modifiers that it knows of, `[person, own]`. */
  readonly modifiers: Float64Array
}

export interface PoolingRequest {
  readonly trials: readonly PooledTrial[]
  readonly people: StudyPeople
  /** Names of the modifiers, in order. */
  readonly modifierNames: readonly string[]
  readonly secondStage: SecondStageChoice
  readonly catalog: Catalog
  readonly cache: ProgramCache
  readonly settings: StudySettings
  readonly purpose: string
  /** What pooling all trials was prepared with, and the place of the one that is left out now. */
  readonly kept?: { readonly preparation: PooledPeople['preparation']; readonly held: number } | undefined
}

export interface PooledPeople {
  /** Mean effect in the average setting, analysis scale, `[person]`. */
  readonly point: Float64Array
  /** Draws of some people for the average and a new setting, `[draw, person]`. */
  intervals(chosen: readonly number[]): { readonly average: Float64Array; readonly newSetting: Float64Array }
  readonly gradientCount: number
  readonly isDoubtful: boolean
  /** Where it is a list of trials, each by itself: then it serves when one of them is left out. */
  readonly preparation?: { readonly auxiliary?: AuxiliaryModel } | undefined
}

const WEIGHT_DRAWS = { chainCount: 1, drawCount: 50 }
const INTERVAL_DRAWS = { chainCount: 1, drawCount: 1000 }

export async function poolStudy(request: PoolingRequest): Promise<PooledPeople> {
  const { secondStage, catalog, trials, cache, settings, purpose } = request
  const method = await catalog.poolingMethod(secondStage.method)
  const options = method.parseOptions({ method: secondStage.method, ...secondStage.options })
  const [{ fitted }] = trials
  if (fitted.fit) requireMatchingStages(fitted.fit.model, method, { method: secondStage.method, ...secondStage.options })
  if (method.takes === 'effects') return poolEffects(request, method, options)
  const estimates = trials.map((trial) => estimateOf(trial, method, options, settings.seed))
  const streams = { seed: settings.seed, purpose, study: '' }
  if (method.takes === 'estimates') return poolDirectly(request, method, options, estimates)
  const { model, data } = method.condition(estimates, options)
  const fit = await fitConditioned(condition(model, data, { cache }), {
    ...streams,
    chains: settings.chains,
    warmup: settings.warmup,
    draws: Math.max(1000, settings.draws),
    targetAcceptance: method.targetAcceptance(options),
    workers: 0,
  })
  return {
    ...fromCoefficients(method.pooledDraws(fit.draws), estimates, request),
    gradientCount: fit.gradientCount,
    isDoubtful: fit.diagnosis.status === 'failed',
  }
}

/** The point from the estimate itself, of which the method's draws leave a Monte Carlo error. */
function poolDirectly(
  request: PoolingRequest,
  method: DirectPoolingMethod,
  options: unknown,
  estimates: readonly TrialEstimate[],
): PooledPeople {
  const streams = { seed: request.settings.seed, purpose: request.purpose, study: '' }
  const { mean, isConverged } = pooledMean(estimates, options as Partial<MetaAnalysisOptions>)
  const effectsOf = coefficientContrasts(estimates, request)
  return {
    point: effectsOf.point(mean),
    intervals: (chosen) =>
      effectsOf.intervals(
        method.pool(estimates, options, { ...INTERVAL_DRAWS, streamFor: (chain) => chainStream(streams, 'pooling', chain) })
          .draws,
        chosen,
      ),
    gradientCount: 0,
    isDoubtful: !isConverged,
  }
}

/** Coefficients over those that some trial has. */
function pooledMean(trials: readonly TrialEstimate[], options: Partial<MetaAnalysisOptions>) {
  const names = allNames(trials)
  const size = names.length
  const places = trials.map(({ coefficientNames }) => names.map((name) => coefficientNames.indexOf(name)))
  const { coefficients, isConverged } = multivariateMetaAnalysis({
    estimates: trials.map(({ estimate }, trial) =>
      Float64Array.from(places[trial], (place) => (place < 0 ? Number.NaN : estimate[place])),
    ),
    covariances: trials.map(({ covariance, coefficientNames }, trial) =>
      Float64Array.from({ length: size * size }, (_, at) => {
        const [row, column] = [places[trial][Math.floor(at / size)], places[trial][at % size]]
        return row < 0 || column < 0 ? Number.NaN : covariance[row * coefficientNames.length + column]
      }),
    ),
    coefficientNames: names,
    studies: trials.map(({ study }) => study),
    options,
  })
  return { mean: coefficients, isConverged }
}

const allNames = (trials: readonly TrialEstimate[]) => [...new Set(trials.flatMap(({ coefficientNames }) => coefficientNames))]

/** Least squares of a trial is wanted again whenever another trial is left out. */
const estimates = new WeakMap<FittedTrial, TrialEstimate>()

function estimateOf({ fitted }: PooledTrial, method: AnyPoolingMethod, options: unknown, seed: number): TrialEstimate {
  const { model, options: modelOptions, draws } = fitted.fit!
  const withDraws = method.takes === 'coefficients' && method.takesDraws?.(options) === true
  const estimate = () =>
    trialEstimate(model, modelOptions, { trial: fitted.design, fit: { draws } as never }, { withDraws, seed })
  if (withDraws) return estimate()
  const known = estimates.get(fitted) ?? estimate()
  estimates.set(fitted, known)
  return known
}

function fromCoefficients(draws: Draws, estimates: readonly TrialEstimate[], request: PoolingRequest) {
  const mu = variable(draws, 'mu').values
  const size = allNames(estimates).length
  const mean = new Float64Array(size)
  for (let at = 0; at < mu.length; at++) mean[at % size] += (mu[at] * size) / mu.length
  const effectsOf = coefficientContrasts(estimates, request)
  return { point: effectsOf.point(mean), intervals: (chosen: readonly number[]) => effectsOf.intervals(draws, chosen) }
}

/** Effects of people from pooled coefficients. */
function coefficientContrasts(estimates: readonly TrialEstimate[], { people, modifierNames }: PoolingRequest) {
  const names = allNames(estimates)
  const size = names.length
  const places = names.map((name) => (name === 'treatment' ? -1 : modifierNames.indexOf(name.slice('treatment:'.length))))
  const width = modifierNames.length
  const contrastOf = (person: number) => places.map((place) => (place < 0 ? 1 : people.modifiers[person * width + place]))
  const drawsOf = (values: Float64Array, chosen: readonly number[]) => {
    const rows = values.length / size
    const out = new Float64Array(rows * chosen.length)
    chosen.forEach((person, column) => {
      const contrast = contrastOf(person)
      for (let row = 0; row < rows; row++) {
        let effect = 0
        for (let k = 0; k < size; k++) effect += contrast[k] * values[row * size + k]
        out[row * chosen.length + column] = effect
      }
    })
    return out
  }
  return {
    point: (mean: Float64Array) =>
      Float64Array.from({ length: people.count }, (_, person) =>
        contrastOf(person).reduce((sum, value, k) => sum + value * mean[k], 0),
      ),
    intervals: (draws: Draws, chosen: readonly number[]) => ({
      average: drawsOf(variable(draws, 'mu').values, chosen),
      newSetting: drawsOf(variable(draws, 'theta_new').values, chosen),
    }),
  }
}

/**
 * The point is the sum of the trials' means with the weights that the method gives, which depend on the trials' draws through means and variances: two draws with these moments stand for all.
 * Intervals of a method that mixes posteriors take the draws themselves.
 */
function poolEffects(
  { trials, people, settings, purpose, kept }: PoolingRequest,
  method: EffectPoolingMethod,
  options: unknown,
): PooledPeople {
  const streams = { seed: settings.seed, purpose, study: '' }
  const predicted = trials.map(({ fitted }) => ({ design: fitted.design, predictor: fitted.predictor }))
  const prepare = () => method.prepare?.(predicted, options, chainStream(streams, 'preparation', 0))
  const preparation = kept ? withoutTrial(kept.preparation, kept.held) : prepare()
  const { reference: needsReference, refits: needsRefits } = method.needs?.(options) ?? {}
  const referenceOf = ({ fitted, modifiers }: PooledTrial) => {
    const own = new Float64Array(modifiers.length / people.count)
    return { draws: fitted.predictor.predict(own, 1, chainStream(streams, 'reference', 0)), modifiers: own }
  }
  const pool = (chosen: readonly number[], counts: typeof WEIGHT_DRAWS, isExact: boolean) =>
    method.pool(
      trials.map((trial) => {
        const { fitted, moments, refitMoments } = trial
        const modifiers = rowsOf(trial.modifiers, people.count, chosen)
        const draws = isExact
          ? fitted.predictor.predict(modifiers, chosen.length, chainStream(streams, 'effects', 0))
          : twoDraws(moments, chosen)
        return {
          study: fitted.design.study,
          patientCount: fitted.design.outcome.length,
          draws,
          modifiers,
          ...(needsReference && { reference: referenceOf(trial) }),
          ...(needsRefits !== undefined && refitMoments && { refits: twoDraws(refitMoments, chosen) }),
        }
      }),
      options,
      { ...counts, people: chosen.map(String), streamFor: (chain) => chainStream(streams, 'pooling', chain) },
      preparation,
    )
  const everybody = Array.from({ length: people.count }, (_, person) => person)
  const usesDraws = method.mixesPosteriors === true || needsReference === true
  return {
    point: needsReference
      ? meanOfDraws(pool(everybody, INTERVAL_DRAWS, true).draws, people.count)
      : weightedMeans(pool(everybody, WEIGHT_DRAWS, false).weights, trials, people.count),
    intervals(chosen) {
      const { draws } = pool(chosen, INTERVAL_DRAWS, usesDraws)
      return { average: variable(draws, 'mu').values, newSetting: variable(draws, 'theta_new').values }
    },
    gradientCount: 0,
    isDoubtful: false,
    ...(isByTrial(preparation) && { preparation }),
  }
}

function isByTrial(preparation: unknown): preparation is { readonly auxiliary: AuxiliaryModel } {
  const { auxiliary, ...rest } = (preparation ?? {}) as { readonly auxiliary?: AuxiliaryModel }
  return auxiliary !== undefined && auxiliary.tau === undefined && Object.keys(rest).length === 0
}

function withoutTrial(preparation: PooledPeople['preparation'], held: number) {
  const { auxiliary } = preparation!
  return { auxiliary: { ...auxiliary!, trials: auxiliary!.trials.filter((_, trial) => trial !== held) } }
}

function weightedMeans(weights: Float64Array, trials: readonly PooledTrial[], count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, person) =>
    trials.reduce((sum, { moments }, trial) => sum + weights[person * trials.length + trial] * moments.means[person], 0),
  )
}

function meanOfDraws(draws: Draws, count: number): Float64Array {
  const { values } = variable(draws, 'mu')
  const out = new Float64Array(count)
  for (let at = 0; at < values.length; at++) out[at % count] += (values[at] * count) / values.length
  return out
}

/** Two draws of each person with these means and variances, `[draw, person]`. */
function twoDraws({ means, variances }: EffectMoments, chosen: readonly number[]): Float64Array {
  const width = chosen.length
  const out = new Float64Array(2 * width)
  chosen.forEach((person, column) => {
    const deviation = Math.sqrt(variances[person] / 2)
    out[column] = means[person] - deviation
    out[width + column] = means[person] + deviation
  })
  return out
}

function rowsOf(values: Float64Array, count: number, chosen: readonly number[]): Float64Array {
  const width = values.length / count
  const out = new Float64Array(chosen.length * width)
  chosen.forEach((row, at) => {
    out.set(values.subarray(row * width, (row + 1) * width), at * width)
  })
  return out
}
