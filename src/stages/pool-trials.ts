import type { EffectPoolingRecord, Fit, Person, PersonEffect, TrialFit } from '../contract/analysis.js'
import type { DirectPoolingMethod, PoolingMethod } from '../contract/pooling-method.js'
import type { TrialEstimate } from '../contract/trial.js'
import { allTargets, protocolEffects } from '../effects/protocol-effects.js'
import type { Fits } from '../fitting/fits.js'
import type { ChainProgress } from '../inference/run-chains.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'
import { coefficientWarnings, leastSquaresWarnings } from './coefficient-warnings.js'
import { effectPoolingJob, type FittedStages, prepareEffectPooling } from './open-effect-pooling.js'
import { pooledEffects, poolingLeak, poolProfiles, profileEffects, profileEstimate } from './pool-effects.js'
import { poolEstimates } from './pool-estimates.js'
import { pooledDrawsOf, poolingKey, SECOND_STAGE } from './pooled-draws.js'
import { shrinkageCautions } from './second-stage-cautions.js'
import { type SecondStageFindings, secondStageFindings } from './second-stage-findings.js'
import { type FittedTrial, outcomeOf, type StageInput, type Stages, samplingSettings } from './stage-input.js'

/** Trials that were fitted, here or at their sites. */
export interface TrialsToPool {
  readonly fitted: readonly FittedTrial[]
  readonly profiles: readonly Person[]
  /** Whose effects come with the analysis; nobody where patients stay at their sites. */
  readonly patients: readonly Person[]
  /** What a trial hands to a second stage that pools coefficients. */
  readonly estimateOf: (trial: FittedTrial, withDraws: boolean) => TrialEstimate
}

/** The second stage, whatever it pools. */
export async function poolTrials(
  input: StageInput,
  fits: Fits,
  { model, modelOptions, method, methodOptions }: Stages,
  { fitted, profiles, patients, estimateOf }: TrialsToPool,
): Promise<Pooled> {
  const { protocol } = input
  if (method.takes === 'effects') {
    const trials = fitted.map(({ trial, fit, predictor, refits }) => ({
      trial,
      draws: fit.draws,
      ...(predictor && { predictor }),
      ...(refits && { refits }),
    }))
    const job = { protocol, model, modelOptions, method, options: methodOptions, trials }
    const estimates = () => (model.estimate ? fitted.map((one) => estimateOf(one, false)) : [])
    return poolEffects(input, job, profiles, patients, fitted, estimates)
  }
  if (method.takes === 'estimates') return poolDirectly(input, method, methodOptions, fitted, (one) => estimateOf(one, false))
  const withDraws = method.takesDraws?.(methodOptions) === true
  const estimates = fitted.map((one) => estimateOf(one, withDraws))
  const pooled = await secondStage(input, fits, method, methodOptions, estimates)
  const { draws, correction } = pooledDrawsOf(method, methodOptions, estimates, pooled.draws, poolingKey(protocol, SECOND_STAGE))
  const findings = await secondStageFindings(fits, {
    protocol,
    method,
    options: methodOptions,
    estimates,
    reference: profiles[0],
    fit: pooled,
    draws,
    ...(correction && { correction }),
    settings: samplingSettings(protocol, { targetAcceptance: method.targetAcceptance(methodOptions) }),
  })
  return {
    trialFits: fitted.map(({ trial, fit }, index) => ({ trial, fit, estimate: withoutDraws(estimates[index]) })),
    pooled: { ...pooled, draws },
    findings: { ...findings, warnings: [...findings.warnings, ...coefficientWarnings(estimates)] },
    effectsOf: (people) => protocolEffects(protocol, draws, people, allTargets),
  }
}

export interface Pooled {
  readonly trialFits: readonly TrialFit[]
  readonly pooled: Fit
  readonly findings: SecondStageFindings
  /** What the second stage did and found, where its options alone do not say it. */
  readonly described?: string
  readonly effectPooling?: EffectPoolingRecord
  readonly effectsOf: (people: readonly Person[]) => readonly PersonEffect[]
}

/** A second stage without a sampler. */
function poolDirectly(
  { protocol, onEvent }: StageInput,
  method: DirectPoolingMethod,
  options: unknown,
  fitted: readonly FittedTrial[],
  estimateOf: (trial: FittedTrial) => TrialEstimate,
): Pooled {
  onEvent?.({ event: 'pooling-begin' })
  const estimates = fitted.map(estimateOf)
  const { fit: pooled, findings, warnings } = poolEstimates(protocol, method, options, estimates)
  onEvent?.({ event: 'pooling-end', ...outcomeOf(pooled) })
  return {
    trialFits: fitted.map(({ trial, fit }, index) => ({ trial, fit, estimate: estimates[index] })),
    pooled,
    findings: { warnings: [...warnings, ...shrinkageCautions(estimates), ...coefficientWarnings(estimates)] },
    described: `${method.describe(options)}. ${findings}`,
    effectsOf: (people) => protocolEffects(protocol, pooled.draws, people, allTargets),
  }
}

/** Draws are for the second stage alone. */
function withoutDraws({ draws: _, ...estimate }: TrialEstimate): TrialEstimate {
  return estimate
}

async function poolEffects(
  { onEvent }: StageInput,
  stages: FittedStages,
  profiles: readonly Person[],
  patients: readonly Person[],
  fitted: readonly FittedTrial[],
  estimates: () => readonly TrialEstimate[],
): Promise<Pooled> {
  onEvent?.({ event: 'pooling-begin' })
  const kept = await prepareEffectPooling(stages)
  const job = effectPoolingJob(stages, kept)
  const { fit: pooled, weights: profileWeights } = poolProfiles(job, profiles)
  const leak = poolingLeak(job, patients)
  onEvent?.({ event: 'pooling-end', ...outcomeOf(pooled) })
  const trialFits = fitted.map(({ trial, fit }, index) => ({
    trial,
    fit,
    estimate: profileEstimate(job.trials[index], profiles, job.protocol),
  }))
  return {
    trialFits,
    pooled,
    findings: { warnings: [...shrinkageCautions(estimates()), ...leastSquaresWarnings(fitted.map(({ trial }) => trial))] },
    effectPooling: { ...kept, profileWeights, leak },
    effectsOf: (people) => (people === profiles ? profileEffects(job, people) : pooledEffects(job, people)),
  }
}

async function secondStage(
  { protocol, onProgress, onEvent }: StageInput,
  fits: Fits,
  method: PoolingMethod,
  options: unknown,
  estimates: readonly TrialEstimate[],
): Promise<Fit> {
  onEvent?.({ event: 'pooling-begin' })
  const { model, data } = method.condition(estimates, options)
  const report = (progress: ChainProgress) =>
    onProgress?.({ ...progress, stage: 'second', chainCount: protocol.inference.chains })
  const settings = {
    ...samplingSettings(protocol, { targetAcceptance: method.targetAcceptance(options) }),
    purpose: SECOND_STAGE,
  }
  const pooled = await fits.run(await conditionOnBestEngine(model, data, { known: fits.known }), 'pooling', {
    ...settings,
    onProgress: report,
    onCheckpoint: (event) => onEvent?.({ ...event, stage: 'second' }),
  })
  onEvent?.({ event: 'pooling-end', ...outcomeOf(pooled) })
  return pooled
}
