import { diagnose } from '../diagnostics/convergence/diagnose.js'
import type { ApproximationProgress } from './approximate.js'
import { approximateOrSample } from './approximate-or-sample.js'
import type { Catalog } from './catalog.js'
import { chainLengths } from './chain-lengths.js'
import type { Workers } from './chain-pool.js'
import { requireMatchingStages } from './check-stages.js'
import type { CheckpointEvent, CheckpointSettings } from './checkpoint/chain-checkpoints.js'
import { coefficientWarnings } from './coefficient-warnings.js'
import type {
  Analysis,
  EffectPoolingRecord,
  FailedApproximation,
  Fit,
  Person,
  PersonEffect,
  TrialFit,
  Warning,
} from './contract/analysis.js'
import type { FirstStageModel, SuggestedSampling } from './contract/first-stage-model.js'
import type { AnyPoolingMethod, DirectPoolingMethod, PoolingMethod } from './contract/pooling-method.js'
import type { TrialDesign, TrialEstimate } from './contract/trial.js'
import { checkTrials } from './data/check-trials.js'
import { designColumns } from './data/design-columns.js'
import { type DesignedTrials, designTrials } from './data/design-trials.js'
import { profilePeople, referencePerson } from './data/people.js'
import type { Protocol } from './data/protocol.js'
import { protocolHash } from './data/protocol-hash.js'
import { readTrials } from './data/read-trials.js'
import type { Table } from './data/table.js'
import type { TrialsReading } from './data/trials-reading.js'
import { leakWarnings } from './effects/leak-warnings.js'
import { allTargets, protocolEffects } from './effects/protocol-effects.js'
import { DataError } from './errors/data-error.js'
import { exactFit } from './exact-fit.js'
import { type Fits, withFits } from './fits.js'
import { type FittingPlan, isApproximate, planFit } from './fitting-plan.js'
import type { ChainProgress } from './inference/run-chains.js'
import type { ConditionedModel } from './language/condition.js'
import { conditionOnBestEngine } from './language/condition-on-best-engine.js'
import { mapInOrder } from './map-in-order.js'
import { effectPoolingJob, type FittedStage, type FittedStages, prepareEffectPooling } from './open-effect-pooling.js'
import { modifiersOf, pooledEffects, poolingLeak, poolProfiles, profileEstimate } from './pool-effects.js'
import { poolEstimates } from './pool-estimates.js'
import { shrinkageCautions } from './second-stage-cautions.js'
import { type SecondStageFindings, secondStageFindings } from './second-stage-findings.js'
import { trialEstimate } from './trial-estimates.js'
import { version } from './version.js'

export interface TwoStageProgress extends ChainProgress {
  readonly stage: 'first' | 'second'
  /** First stage only. */
  readonly study?: string
  readonly trialIndex?: number
  readonly trialCount?: number
  readonly chainCount: number
}

/** What happens besides the progress of chains. */
export type TwoStageEvent =
  /** Before the first fit; transitions are those of one chain, warmup included, and there are `chainCount` chains in each fit. */
  | { readonly event: 'begin'; readonly trialCount: number; readonly chainCount: number; readonly transitionCount: number }
  | { readonly event: 'trial-begin'; readonly study: string; readonly trialIndex: number }
  /** While the posterior of a trial is approximated, about 20 times a second. */
  | ({ readonly event: 'approximation'; readonly study: string; readonly trialIndex: number } & ApproximationProgress)
  /** The approximation of a trial failed, and it is sampled by NUTS instead. */
  | ({ readonly event: 'fallback'; readonly study: string; readonly trialIndex: number } & FailedApproximation)
  | ({ readonly event: 'trial-end'; readonly study: string; readonly trialIndex: number } & FitOutcome)
  | { readonly event: 'pooling-begin' }
  | ({ readonly event: 'pooling-end' } & FitOutcome)
  | (CheckpointEvent & Pick<TwoStageProgress, 'stage' | 'study' | 'trialIndex'>)

export interface FitOutcome {
  readonly diagnosis: 'passed' | 'failed'
  readonly gradientCount: number
  readonly seconds: number
}

export interface TwoStageInput extends StageInput {
  readonly table: Table
}

/** What both stages need, wherever the data are. */
export interface StageInput {
  readonly protocol: Protocol
  readonly provenance?: { readonly dataFile?: string; readonly dataHash?: string }
  readonly onProgress?: (progress: TwoStageProgress) => void
  readonly onEvent?: (event: TwoStageEvent) => void
  /** With checkpoints, all chains are saved before the analysis rejects. */
  readonly signal?: AbortSignal
  /**
   * Threads that run chains; 0 keeps them in this thread. `auto`, the default, begins in this thread and moves to one thread per processor when it
   * turns out that this pays. The draws are the same.
   */
  readonly workers?: Workers
  /** Saves the chains of all fits while they run, and goes on from what is there. The result is the same as without an interruption. */
  readonly checkpoint?: CheckpointSettings
  /** Where model and method names are looked up; the files under `models/` by default. */
  readonly catalog?: Catalog
}

/**
 * Two-stage meta-analysis of individual participant data, whole:
 *
 * 1. each trial is fitted on its own, all with the same model and scaling;
 * 2. the trials' posterior means and covariances of the coefficients of the treatment effect are pooled, or the effects that their models predict for people;
 * 3. the pooled draws give every person's effect in the average setting, in a new setting and in an existing trial.
 *
 * @throws DataError, ProtocolError, ModelError and RunError as the parts do; the signal's reason when aborted.
 */
export async function twoStage(input: TwoStageInput): Promise<Analysis> {
  const start = performance.now()
  const { protocol, table } = input
  const { model, method } = await lookUp(input)
  requireMatchingStages(model, method, protocol.secondStage)
  const modelOptions = model.parseOptions(protocol.firstStage)
  const methodOptions = method.parseOptions(protocol.secondStage)
  const plan = planFit(protocol.inference, model.approximation?.(modelOptions))
  const reading = readTrials(table, protocol)
  const trials = designTrials(reading, protocol)
  requireTwoTrials(trials.designs)

  const hash = await protocolHash(protocol)
  const identity = { protocol: hash, ...(input.provenance?.dataHash ? { data: input.provenance.dataHash } : {}) }
  const { chains, thin } = protocol.inference
  const { warmup, draws } = chainLengths(protocol.inference, model.sampling?.(modelOptions))
  const trialCount = trials.designs.length
  input.onEvent?.({ event: 'begin', trialCount, chainCount: chains, transitionCount: warmup + draws * thin })
  const profiles = [referencePerson(protocol), ...profilePeople(protocol)]
  const stages = { model, modelOptions, method, methodOptions }
  const result = await withFits(input, identity, async (fits): Promise<Pooled> => {
    const fitTrial = (trial: TrialDesign, trialIndex: number) =>
      firstStage(input, fits, model, modelOptions, plan, trial, { trialIndex, trialCount, profiles })
    const fitted = await mapInOrder(trials.designs, fits.limit, fitTrial)
    const { seed } = protocol.inference
    return poolTrials(input, fits, stages, {
      fitted,
      profiles,
      patients: trials.people,
      estimateOf: (one, withDraws) => trialEstimate(model, modelOptions, one, { withDraws, seed }),
    })
  })
  return analysisOf(input, stages, result, {
    profiles,
    patients: trials.people,
    exclusions: trials.exclusions,
    warnings: [
      ...collectWarnings(reading, trials, protocol, [...result.trialFits.map(({ fit }) => fit), result.pooled]),
      ...result.trialFits.flatMap(({ trial }) => modelCautions(model, trial, modelOptions)),
    ],
    protocolHash: hash,
    start,
  })
}

/** Both stages with their options, as the protocol names them. */
export interface Stages {
  readonly model: FirstStageModel
  readonly modelOptions: unknown
  readonly method: AnyPoolingMethod
  readonly methodOptions: unknown
}

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
  const draws = method.pooledDraws(pooled.draws)
  const findings = await secondStageFindings(fits, {
    protocol,
    method,
    options: methodOptions,
    estimates,
    reference: profiles[0],
    fit: pooled,
    settings: samplingSettings(protocol, { targetAcceptance: method.targetAcceptance(methodOptions) }),
  })
  return {
    trialFits: fitted.map(({ trial, fit }, index) => ({ trial, fit, estimate: withoutDraws(estimates[index]) })),
    pooled: { ...pooled, draws },
    findings: { ...findings, warnings: [...findings.warnings, ...coefficientWarnings(estimates)] },
    effectsOf: (people) => protocolEffects(protocol, draws, people, allTargets),
  }
}

export interface AnalysedTrials {
  readonly profiles: readonly Person[]
  readonly patients: readonly Person[]
  readonly exclusions: Analysis['exclusions']
  /** Beside those of the second stage. */
  readonly warnings: readonly Warning[]
  readonly protocolHash: string
  /** By `performance.now()`. */
  readonly start: number
}

/** The whole of what was pooled, with its effects. */
export function analysisOf(
  { protocol, provenance }: StageInput,
  { model, modelOptions, method, methodOptions }: Stages,
  { trialFits, pooled, findings, described, effectPooling, effectsOf }: Pooled,
  { profiles, patients, exclusions, warnings, protocolHash, start }: AnalysedTrials,
): Analysis {
  return {
    protocol,
    columns: designColumns(protocol),
    trialFits,
    exclusions,
    pooled,
    profileEffects: effectsOf(profiles),
    patientEffects: patients.length > 0 ? effectsOf(patients) : [],
    ...(effectPooling ? { effectPooling } : {}),
    ...findings,
    warnings: [...findings.warnings, ...warnings, ...leakWarnings(effectPooling?.leak ?? [], protocol)],
    methods: { firstStage: model.describe(modelOptions), secondStage: described ?? method.describe(methodOptions) },
    provenance: {
      version,
      protocolHash,
      ...provenance,
      seed: protocol.inference.seed,
      seconds: (performance.now() - start) / 1000,
      finishedAt: new Date().toISOString(),
      node: globalThis.process?.version ?? 'browser',
    },
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
    findings: { warnings: shrinkageCautions(estimates()) },
    effectPooling: { ...kept, profileWeights, leak },
    effectsOf: (people) => pooledEffects(job, people),
  }
}

/** With what a site sends where its draws alone do not say it. */
export type FittedTrial = Pick<TrialFit, 'trial' | 'fit'> & Pick<FittedStage, 'predictor' | 'refits'>

export async function lookUp({ protocol, catalog }: StageInput): Promise<{ model: FirstStageModel; method: AnyPoolingMethod }> {
  const { firstStageModel, poolingMethod } = catalog ?? (await import('./catalog.js')).catalog
  return { model: await firstStageModel(protocol.firstStage.model), method: await poolingMethod(protocol.secondStage.method) }
}

function requireTwoTrials(designs: readonly TrialDesign[]): void {
  if (designs.length >= 2) return
  throw new DataError({
    problem: `only trial "${designs[0].study}" is left to analyse`,
    reason: 'pooling needs at least two trials',
    remedy: 'Check which trials the protocol leaves out (`poolite check` lists them), or fit this trial alone with the library.',
  })
}

/** Fits one trial: the same numbers whichever others there are. */
export async function firstStage(
  input: StageInput,
  fits: Fits,
  model: FirstStageModel,
  options: unknown,
  plan: FittingPlan,
  trial: TrialDesign,
  { profiles, ...place }: TrialPlace & { readonly profiles: readonly Person[] },
): Promise<FittedTrial> {
  const { protocol, onEvent } = input
  const { study } = trial
  const { trialIndex } = place
  onEvent?.({ event: 'trial-begin', study, trialIndex })
  const exact =
    protocol.inference.algorithm === undefined &&
    !isApproximate(plan) &&
    exactFit(model, trial, options, { ...protocol.inference, ...chainLengths(protocol.inference) })
  if (exact) {
    onEvent?.({ event: 'trial-end', study, trialIndex, ...outcomeOf(exact) })
    return { trial, fit: exact }
  }
  const { model: probabilistic, data } = model.condition(trial, options)
  const conditioned = await conditionOnBestEngine(probabilistic, data)
  const sample = () => sampleTrial(input, fits, conditioned, suggestions(model, options, trial), plan, { study, ...place })
  const { seed, start } = protocol.inference
  const fitted = isApproximate(plan)
    ? await approximateOrSample(
        conditioned,
        {
          ...plan,
          seed,
          purpose: 'first-stage',
          study,
          ...(start && { start }),
          ...(input.signal && { signal: input.signal }),
          onProgress: (progress) => onEvent?.({ event: 'approximation', study, trialIndex, ...progress }),
          onFallback: (failed) => onEvent?.({ event: 'fallback', study, trialIndex, ...failed }),
        },
        sample,
      )
    : await sample()
  const trialFit = fitted.algorithm ? fitted : judgedByIdentified(fitted, model, options, trial, protocol, profiles)
  onEvent?.({ event: 'trial-end', study, trialIndex, ...outcomeOf(trialFit) })
  return { trial, fit: trialFit }
}

interface TrialPlace {
  readonly trialIndex: number
  readonly trialCount: number
}

function sampleTrial(
  { protocol, onProgress, onEvent }: StageInput,
  fits: Fits,
  conditioned: ConditionedModel,
  suggested: Suggestions,
  { algorithm }: FittingPlan,
  { study, trialIndex, trialCount }: TrialPlace & { readonly study: string },
): Promise<Fit> {
  const { chains, algorithm: wanted, start = suggested.start } = protocol.inference
  const isStatic = algorithm === 'hmc' || (suggested.algorithm === 'hmc' && wanted !== 'nuts')
  return fits.run(conditioned, `trial-${trialIndex + 1}`, {
    ...samplingSettings(protocol, suggested),
    ...(isStatic && { algorithm: 'hmc' as const }),
    ...(start && { start }),
    purpose: 'first-stage',
    study,
    onProgress: (progress) => onProgress?.({ ...progress, stage: 'first', study, trialIndex, trialCount, chainCount: chains }),
    fitsAhead: trialCount - trialIndex - 1,
    onCheckpoint: (event) => onEvent?.({ ...event, stage: 'first', study, trialIndex }),
  })
}

/** Convergence of a model whose parameters are not identified is that of what it says about people. */
function judgedByIdentified(
  fit: Fit,
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  protocol: Protocol,
  profiles: readonly Person[],
): Fit {
  if (!model.identified) return fit
  const people = { names: profiles.map(({ id }) => id), modifiers: modifiersOf(profiles, trial.columns, protocol) }
  const draws = model.identified(fit.draws, trial, options, people)
  const { maximumTreeDepth } = protocol.inference
  return { ...fit, diagnosis: diagnose(draws, fit.sampler, { maximumTreeDepth }) }
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
    purpose: 'second-stage',
  }
  const pooled = await fits.run(await conditionOnBestEngine(model, data), 'pooling', {
    ...settings,
    onProgress: report,
    onCheckpoint: (event) => onEvent?.({ ...event, stage: 'second' }),
  })
  onEvent?.({ event: 'pooling-end', ...outcomeOf(pooled) })
  return pooled
}

/** What a model says about its sampling, for what the protocol leaves open. */
export interface Suggestions extends SuggestedSampling {
  readonly targetAcceptance: number
}

const suggestions = (model: FirstStageModel, options: unknown, { outcome }: TrialDesign): Suggestions => ({
  ...model.sampling?.(options, outcome.length),
  targetAcceptance: model.targetAcceptance(options),
})

/** For what the protocol leaves open, what a model suggests. */
export function samplingSettings({ inference }: Protocol, { targetAcceptance, ...lengths }: Suggestions) {
  const { metric, adaptation, algorithm: _, fallback: __, start: ___, ...settings } = inference
  return {
    ...settings,
    ...chainLengths(inference, lengths),
    targetAcceptance: inference.targetAcceptance ?? targetAcceptance,
    ...(metric && { metric }),
    ...(adaptation && { adaptation }),
  }
}

function outcomeOf({ diagnosis, gradientCount, seconds }: Fit): FitOutcome {
  return { diagnosis: diagnosis.status, gradientCount, seconds }
}

const modelCautions = (model: FirstStageModel, trial: TrialDesign, options: unknown): Warning[] =>
  (model.cautions?.(trial, options) ?? []).map((message) => ({ severity: 'important', message }))

/** Fewer trials than this and the prior of the between-trial standard deviation shows in every prediction interval. */
const FEW_TRIALS = 5

function collectWarnings(reading: TrialsReading, trials: DesignedTrials, protocol: Protocol, fits: readonly Fit[]): Warning[] {
  const faults = checkTrials(reading, protocol).faults.filter((fault) => fault.severity === 'warning')
  const fallback = fits.find((one) => one.engine.fallbackReason !== undefined)?.engine
  return [
    ...faults.map(
      ({ code, message, remedy }): Warning => ({
        severity: code === 'few-trials' && trials.designs.length < FEW_TRIALS ? 'important' : 'note',
        message: `${message}. ${remedy}`,
      }),
    ),
    ...(fallback
      ? [
          {
            severity: 'important' as const,
            message: `the models ran on the ${fallback.engine} engine in ${fallback.precision}: ${fallback.fallbackReason}. Expect less accurate draws and longer runs.`,
          },
        ]
      : []),
  ]
}
