import { diagnose } from '../diagnostics/convergence/diagnose.js'
import { approximateConditioned } from './approximate.js'
import type { Catalog } from './catalog.js'
import type { Workers } from './chain-pool.js'
import { requireMatchingStages } from './check-stages.js'
import type { CheckpointEvent, CheckpointSettings } from './checkpoint/chain-checkpoints.js'
import type { Analysis, Fit, Person, PersonEffect, TrialFit, Warning } from './contract/analysis.js'
import type { FirstStageModel } from './contract/first-stage-model.js'
import type { AnyPoolingMethod, PoolingMethod } from './contract/pooling-method.js'
import type { TrialDesign } from './contract/trial.js'
import { checkTrials } from './data/check-trials.js'
import { designColumns } from './data/design-columns.js'
import { type DesignedTrials, designTrials } from './data/design-trials.js'
import { profilePeople, referencePerson } from './data/people.js'
import type { Protocol } from './data/protocol.js'
import { protocolHash } from './data/protocol-hash.js'
import { readTrials } from './data/read-trials.js'
import type { Table } from './data/table.js'
import type { TrialsReading } from './data/trials-reading.js'
import { allTargets, protocolEffects } from './effects/protocol-effects.js'
import { DataError } from './errors/data-error.js'
import { type Fits, withFits } from './fits.js'
import type { ChainProgress } from './inference/run-chains.js'
import { conditionOnBestEngine } from './language/condition-on-best-engine.js'
import { mapInOrder } from './map-in-order.js'
import {
  type EffectPoolingJob,
  modifiersOf,
  type PredictingTrial,
  pooledEffects,
  poolProfiles,
  profileEstimate,
} from './pool-effects.js'
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
  | ({ readonly event: 'trial-end'; readonly study: string; readonly trialIndex: number } & FitOutcome)
  | { readonly event: 'pooling-begin' }
  | ({ readonly event: 'pooling-end' } & FitOutcome)
  | (CheckpointEvent & Pick<TwoStageProgress, 'stage' | 'study' | 'trialIndex'>)

export interface FitOutcome {
  readonly diagnosis: 'passed' | 'failed'
  readonly gradientCount: number
  readonly seconds: number
}

export interface TwoStageInput {
  readonly protocol: Protocol
  readonly table: Table
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
  requireMatchingStages(model, method)
  const modelOptions = model.parseOptions(protocol.firstStage)
  const methodOptions = method.parseOptions(protocol.secondStage)
  const reading = readTrials(table, protocol)
  const trials = designTrials(reading, protocol)
  requireTwoTrials(trials.designs)

  const hash = await protocolHash(protocol)
  const identity = { protocol: hash, ...(input.provenance?.dataHash ? { data: input.provenance.dataHash } : {}) }
  const { chains, warmup, draws, thin } = protocol.inference
  const trialCount = trials.designs.length
  input.onEvent?.({ event: 'begin', trialCount, chainCount: chains, transitionCount: warmup + draws * thin })
  const profiles = [referencePerson(protocol), ...profilePeople(protocol)]
  const { trialFits, pooled, effectsOf } = await withFits(input, identity, async (fits): Promise<Pooled> => {
    const fitTrial = (trial: TrialDesign, trialIndex: number) =>
      firstStage(input, fits, model, modelOptions, trial, { trialIndex, trialCount, profiles })
    const fitted = await mapInOrder(trials.designs, fits.limit, fitTrial)
    if (method.takes === 'effects')
      return poolEffects(
        input,
        { protocol, method, options: methodOptions, trials: predictions(model, modelOptions, fitted) },
        profiles,
        fitted,
      )
    const trialFits = fitted.map(({ trial, fit }) => ({ trial, fit, estimate: model.estimate!(fit.draws, trial) }))
    const pooled = await secondStage(input, fits, method, methodOptions, trialFits)
    const draws = method.pooledDraws(pooled.draws)
    return {
      trialFits,
      pooled: { ...pooled, draws },
      effectsOf: (people) => protocolEffects(protocol, draws, people, allTargets),
    }
  })

  return {
    protocol,
    columns: designColumns(protocol),
    trialFits,
    exclusions: trials.exclusions,
    pooled,
    profileEffects: effectsOf(profiles),
    patientEffects: effectsOf(trials.people),
    warnings: collectWarnings(reading, trials, protocol, [...trialFits.map(({ fit }) => fit), pooled]),
    methods: { firstStage: model.describe(modelOptions), secondStage: method.describe(methodOptions) },
    provenance: {
      version,
      protocolHash: hash,
      ...input.provenance,
      seed: protocol.inference.seed,
      seconds: (performance.now() - start) / 1000,
      finishedAt: new Date().toISOString(),
      node: globalThis.process?.version ?? 'browser',
    },
  }
}

interface Pooled {
  readonly trialFits: readonly TrialFit[]
  readonly pooled: Fit
  readonly effectsOf: (people: readonly Person[]) => readonly PersonEffect[]
}

function predictions(model: FirstStageModel, options: unknown, fitted: readonly FittedTrial[]): PredictingTrial[] {
  return fitted.map(({ trial, fit }) => ({ trial, predictor: model.effects(fit.draws, trial, options) }))
}

function poolEffects(
  { onEvent }: TwoStageInput,
  job: EffectPoolingJob,
  profiles: readonly Person[],
  fitted: readonly FittedTrial[],
): Pooled {
  onEvent?.({ event: 'pooling-begin' })
  const pooled = poolProfiles(job, profiles)
  onEvent?.({ event: 'pooling-end', ...outcomeOf(pooled) })
  const trialFits = fitted.map(({ trial, fit }, index) => ({
    trial,
    fit,
    estimate: profileEstimate(job.trials[index], profiles, job.protocol),
  }))
  return { trialFits, pooled, effectsOf: (people) => pooledEffects(job, people) }
}

type FittedTrial = Pick<TrialFit, 'trial' | 'fit'>

async function lookUp({ protocol, catalog }: TwoStageInput): Promise<{ model: FirstStageModel; method: AnyPoolingMethod }> {
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

async function firstStage(
  { protocol, onProgress, onEvent }: TwoStageInput,
  fits: Fits,
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  { profiles, ...place }: { readonly trialIndex: number; readonly trialCount: number; readonly profiles: readonly Person[] },
): Promise<FittedTrial> {
  const { study } = trial
  const { trialIndex, trialCount } = place
  onEvent?.({ event: 'trial-begin', study, trialIndex })
  const { model: probabilistic, data } = model.condition(trial, options)
  const report = (progress: ChainProgress) =>
    onProgress?.({ ...progress, stage: 'first', study, ...place, chainCount: protocol.inference.chains })
  const settings = { ...samplingSettings(protocol, model.targetAcceptance(options)), purpose: 'first-stage', study }
  const conditioned = await conditionOnBestEngine(probabilistic, data)
  const approximation = model.approximation?.(options)
  const sampled = approximation
    ? approximateConditioned(conditioned, { ...approximation, seed: protocol.inference.seed, purpose: 'first-stage', study })
    : await fits.run(conditioned, `trial-${trialIndex + 1}`, {
        ...settings,
        onProgress: report,
        fitsAhead: trialCount - trialIndex - 1,
        onCheckpoint: (event) => onEvent?.({ ...event, stage: 'first', study, trialIndex }),
      })
  const trialFit = sampled.algorithm ? sampled : judgedByIdentified(sampled, model, options, trial, protocol, profiles)
  onEvent?.({ event: 'trial-end', study, trialIndex, ...outcomeOf(trialFit) })
  return { trial, fit: trialFit }
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
  { protocol, onProgress, onEvent }: TwoStageInput,
  fits: Fits,
  method: PoolingMethod,
  options: unknown,
  trialFits: readonly TrialFit[],
): Promise<Fit> {
  onEvent?.({ event: 'pooling-begin' })
  const { model, data } = method.condition(
    trialFits.map(({ estimate }) => estimate),
    options,
  )
  const report = (progress: ChainProgress) =>
    onProgress?.({ ...progress, stage: 'second', chainCount: protocol.inference.chains })
  const settings = { ...samplingSettings(protocol, method.targetAcceptance), purpose: 'second-stage' }
  const pooled = await fits.run(await conditionOnBestEngine(model, data), 'pooling', {
    ...settings,
    onProgress: report,
    onCheckpoint: (event) => onEvent?.({ ...event, stage: 'second' }),
  })
  onEvent?.({ event: 'pooling-end', ...outcomeOf(pooled) })
  return pooled
}

function samplingSettings({ inference }: Protocol, targetAcceptance: number) {
  const { metric, adaptation, ...settings } = inference
  return {
    ...settings,
    targetAcceptance: inference.targetAcceptance ?? targetAcceptance,
    ...(metric && { metric }),
    ...(adaptation && { adaptation }),
  }
}

function outcomeOf({ diagnosis, gradientCount, seconds }: Fit): FitOutcome {
  return { diagnosis: diagnosis.status, gradientCount, seconds }
}

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
