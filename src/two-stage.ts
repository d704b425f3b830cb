import type { Catalog } from './catalog.js'
import { type ChainPool, withChainPool } from './chain-pool.js'
import type { Analysis, Fit, Person, TrialFit, Warning } from './contract/analysis.js'
import type { FirstStageModel } from './contract/first-stage-model.js'
import type { PoolingMethod } from './contract/pooling-method.js'
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
import { fitOn } from './fit.js'
import type { ChainProgress } from './inference/run-chains.js'
import { condition } from './language/condition.js'
import { mapInOrder } from './map-in-order.js'
import { version } from './version.js'

export interface TwoStageProgress extends ChainProgress {
  readonly stage: 'first' | 'second'
  /** First stage only. */
  readonly study?: string
  readonly trialIndex?: number
  readonly trialCount?: number
  readonly chainCount: number
}

export interface TwoStageInput {
  readonly protocol: Protocol
  readonly table: Table
  readonly provenance?: { readonly dataFile?: string; readonly dataHash?: string }
  readonly onProgress?: (progress: TwoStageProgress) => void
  readonly signal?: AbortSignal
  /** Threads that run chains, one per processor when left out; 0 keeps them in this thread. The draws are the same. */
  readonly workers?: number
  /** Where model and method names are looked up; the files under `models/` by default. */
  readonly catalog?: Catalog
}

/**
 * Two-stage meta-analysis of individual participant data, whole:
 *
 * 1. each trial is fitted on its own, all with the same model and scaling;
 * 2. the trials' posterior means and covariances of the coefficients of the treatment effect are pooled;
 * 3. the pooled draws give every person's effect in the average setting, in a new setting and in an existing trial.
 *
 * @throws DataError, ProtocolError, ModelError and RunError as the parts do; the signal's reason when aborted.
 */
export async function twoStage(input: TwoStageInput): Promise<Analysis> {
  const start = performance.now()
  const { protocol, table } = input
  const { model, method } = await lookUp(input)
  const modelOptions = model.parseOptions(protocol.firstStage)
  const methodOptions = method.parseOptions(protocol.secondStage)
  const reading = readTrials(table, protocol)
  const trials = designTrials(reading, protocol)
  requireTwoTrials(trials.designs)

  const { trialFits, pooled } = await withChainPool(input, async (pool) => {
    const fitTrial = (trial: TrialDesign, trialIndex: number) =>
      firstStage(input, pool, model, modelOptions, trial, { trialIndex, trialCount: trials.designs.length })
    const trialFits = await mapInOrder(trials.designs, trialsAtOnce(pool), fitTrial)
    return { trialFits, pooled: await secondStage(input, pool, method, methodOptions, trialFits) }
  })

  const pooledDraws = method.pooledDraws(pooled.draws)
  const effectsOf = (people: readonly Person[]) => protocolEffects(protocol, pooledDraws, people, allTargets)
  return {
    protocol,
    columns: designColumns(protocol),
    trialFits,
    exclusions: trials.exclusions,
    pooled: { ...pooled, draws: pooledDraws },
    profileEffects: effectsOf([referencePerson(protocol), ...profilePeople(protocol)]),
    patientEffects: effectsOf(trials.people),
    warnings: collectWarnings(reading, trials, protocol, [...trialFits.map(({ fit }) => fit), pooled]),
    methods: { firstStage: model.describe(modelOptions), secondStage: method.describe(methodOptions) },
    provenance: {
      version,
      protocolHash: await protocolHash(protocol),
      ...input.provenance,
      seed: protocol.inference.seed,
      seconds: (performance.now() - start) / 1000,
      finishedAt: new Date().toISOString(),
      node: globalThis.process?.version ?? 'browser',
    },
  }
}

async function lookUp({ protocol, catalog }: TwoStageInput): Promise<{ model: FirstStageModel; method: PoolingMethod }> {
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

/** One more than there are threads: while each has a chain left, every thread has work, and few trials are in memory compiled. */
function trialsAtOnce(pool: ChainPool | undefined): number {
  return pool ? pool.workerCount + 1 : 1
}

async function firstStage(
  { protocol, onProgress, signal }: TwoStageInput,
  pool: ChainPool | undefined,
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  place: { readonly trialIndex: number; readonly trialCount: number },
): Promise<TrialFit> {
  const { model: probabilistic, data } = model.condition(trial, options)
  const report = (progress: ChainProgress) =>
    onProgress?.({ ...progress, stage: 'first', study: trial.study, ...place, chainCount: protocol.inference.chains })
  const settings = { ...samplingSettings(protocol, model), purpose: 'first-stage', study: trial.study }
  const trialFit = await fitOn(pool, condition(probabilistic, data), { ...settings, onProgress: report, ...aborting(signal) })
  return { trial, fit: trialFit, estimate: model.estimate(trialFit.draws, trial) }
}

function secondStage(
  { protocol, onProgress, signal }: TwoStageInput,
  pool: ChainPool | undefined,
  method: PoolingMethod,
  options: unknown,
  trialFits: readonly TrialFit[],
): Promise<Fit> {
  const { model, data } = method.condition(
    trialFits.map(({ estimate }) => estimate),
    options,
  )
  const report = (progress: ChainProgress) =>
    onProgress?.({ ...progress, stage: 'second', chainCount: protocol.inference.chains })
  const settings = { ...samplingSettings(protocol, method), purpose: 'second-stage' }
  return fitOn(pool, condition(model, data), { ...settings, onProgress: report, ...aborting(signal) })
}

function samplingSettings({ inference }: Protocol, { targetAcceptance }: { readonly targetAcceptance: number }) {
  return { ...inference, targetAcceptance: inference.targetAcceptance ?? targetAcceptance }
}

function aborting(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {}
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
