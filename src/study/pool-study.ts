/** Pools the fitted trials of a data set by one second stage: point predictions for all people, intervals for some. */
import type { Catalog } from '../catalog.js'
import type { AnyPoolingMethod, DirectPoolingMethod, EffectPoolingMethod } from '../contract/pooling-method.js'
import type { TrialEstimate } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import type { ProgramCache } from '../engine/program-cache.js'
import { chainStream } from '../fitting/chain-task.js'
import { fitConditioned } from '../fitting/fit.js'
import { condition } from '../language/condition.js'
import { withMissingCoefficients } from '../numeric/missing-coefficients.js'
import { multivariateMetaAnalysis } from '../numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { MetaAnalysisOptions } from '../numeric/multivariate-meta-analysis/options.js'
import { requireMatchingStages } from '../stages/check-stages.js'
import { pooledDrawsOf } from '../stages/pooled-draws.js'
import { trialEstimate } from '../stages/trial-estimates.js'
import type { EffectMoments } from './effect-moments.js'
import type { FittedTrial } from './first-stage-fit.js'
import { poolStudyEffects } from './pool-study-effects.js'
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
  /** Of the reference patient, all of whose modifiers are 0. */
  readonly referenceMoments: EffectMoments
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
  /** Names the trials and people, whatever the method, and is the key of what methods share. */
  readonly sharedPurpose: string
  readonly shared: Map<string, unknown>
}

export interface PooledPeople {
  /** Mean effect in the average setting, analysis scale, `[person]`. */
  readonly point: Float64Array
  /** Draws of some people for the average and a new setting, `[draw, person]`. */
  intervals(chosen: readonly number[]): { readonly average: Float64Array; readonly newSetting: Float64Array }
  readonly gradientCount: number
  readonly isDoubtful: boolean
}

const INTERVAL_DRAWS = { chainCount: 1, drawCount: 1000 }

export async function poolStudy(request: PoolingRequest): Promise<PooledPeople> {
  const { secondStage, catalog, trials, cache, settings, purpose } = request
  const method = await catalog.poolingMethod(secondStage.method)
  const options = method.parseOptions({ method: secondStage.method, ...secondStage.options })
  const [{ fitted }] = trials
  if (fitted.fit) requireMatchingStages(fitted.fit.model, method, { method: secondStage.method, ...secondStage.options })
  if (method.takes === 'effects') return poolStudyEffects(request, method as EffectPoolingMethod<never, never>, options as never)
  const estimates = aligned(trials.map((trial) => estimateOf(trial, method, options, settings.seed)))
  const streams = { seed: settings.seed, purpose, study: '' }
  if (method.takes === 'estimates') return poolDirectly(request, method, options, estimates)
  const { model, data } = method.condition(estimates, options)
  const fit = await fitConditioned(condition(model, data, { cache }), {
    ...streams,
    chains: settings.chains,
    warmup: settings.warmup,
    draws: settings.draws,
    targetAcceptance: method.targetAcceptance(options),
    workers: 0,
  })
  const { draws } = pooledDrawsOf(method, options, estimates, fit.draws, streams)
  return {
    ...fromCoefficients(draws, estimates, request),
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

function pooledMean(trials: readonly TrialEstimate[], options: Partial<MetaAnalysisOptions>) {
  const { coefficients, isConverged } = multivariateMetaAnalysis({
    estimates: trials.map(({ estimate }) => estimate),
    covariances: trials.map(({ covariance }) => covariance),
    coefficientNames: trials[0].coefficientNames,
    studies: trials.map(({ study }) => study),
    options,
  })
  return { mean: coefficients, isConverged }
}

/** Over the coefficients that some trial has. */
function aligned(trials: readonly TrialEstimate[]): TrialEstimate[] {
  const names = allNames(trials)
  return trials.map((trial) => withMissingCoefficients(trial, names))
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
  const contrast = new Float64Array(size)
  /** Overwritten by the next one. */
  const contrastOf = (person: number) => {
    for (let k = 0; k < size; k++) contrast[k] = places[k] < 0 ? 1 : people.modifiers[person * width + places[k]]
    return contrast
  }
  const drawsOf = (values: Float64Array, chosen: readonly number[]) => {
    const rows = values.length / size
    const out = new Float64Array(rows * chosen.length)
    chosen.forEach((person, column) => {
      contrastOf(person)
      for (let row = 0; row < rows; row++) {
        let effect = 0
        for (let k = 0; k < size; k++) effect += contrast[k] * values[row * size + k]
        out[row * chosen.length + column] = effect
      }
    })
    return out
  }
  return {
    point(mean: Float64Array) {
      const out = new Float64Array(people.count)
      for (let person = 0; person < out.length; person++) {
        contrastOf(person)
        for (let k = 0; k < size; k++) out[person] += contrast[k] * mean[k]
      }
      return out
    },
    intervals: (draws: Draws, chosen: readonly number[]) => ({
      average: drawsOf(variable(draws, 'mu').values, chosen),
      newSetting: drawsOf(variable(draws, 'theta_new').values, chosen),
    }),
  }
}
