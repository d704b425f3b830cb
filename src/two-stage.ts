import type { Analysis, Fit, Person, Warning } from './contract/analysis.js'
import type { FirstStageModel } from './contract/first-stage-model.js'
import type { TrialDesign } from './contract/trial.js'
import { checkTrials } from './data/check-trials.js'
import { designColumns } from './data/design-columns.js'
import { type DesignedTrials, designTrials } from './data/design-trials.js'
import { profilePeople, referencePerson } from './data/people.js'
import type { Protocol } from './data/protocol.js'
import { protocolHash } from './data/protocol-hash.js'
import type { Table } from './data/table.js'
import type { TrialsReading } from './data/trials-reading.js'
import { hasAllModifiers, readAnalysedTrials } from './data/unmeasured-covariates.js'
import { leakWarnings } from './effects/leak-warnings.js'
import { outcomeTrials, pooledOutcomes } from './effects/person-outcomes.js'
import { DataError } from './errors/data-error.js'
import { chainLengths } from './fitting/chain-lengths.js'
import { withFits } from './fitting/fits.js'
import { planFit } from './fitting/fitting-plan.js'
import { printedAnalysis } from './printed.js'
import { requireMatchingStages } from './stages/check-stages.js'
import { firstStage } from './stages/first-stage.js'
import { mapInOrder } from './stages/map-in-order.js'
import { type Pooled, poolTrials } from './stages/pool-trials.js'
import { lookUp, type StageInput, type Stages } from './stages/stage-input.js'
import { estimateToPool } from './stages/trial-estimates.js'
import { version } from './version.js'

export interface TwoStageInput extends StageInput {
  readonly table: Table
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
export async function twoStage(asked: TwoStageInput): Promise<Analysis> {
  const start = performance.now()
  const { model, method } = await lookUp(asked)
  requireMatchingStages(model, method, asked.protocol.secondStage)
  const modelOptions = model.parseOptions(asked.protocol.firstStage)
  const methodOptions = method.parseOptions(asked.protocol.secondStage)
  const plan = planFit(asked.protocol.inference, model.approximation?.(modelOptions))
  const { reading, protocol } = readAnalysedTrials(asked.table, asked.protocol)
  const input = { ...asked, protocol }
  const trials = designTrials(reading, protocol)
  requireTwoTrials(trials.designs)

  const hash = await protocolHash(asked.protocol)
  const identity = { protocol: hash, ...(input.provenance?.dataHash ? { data: input.provenance.dataHash } : {}) }
  const { chains, thin } = protocol.inference
  const { warmup, draws } = chainLengths(protocol.inference, model.sampling?.(modelOptions))
  const trialCount = trials.designs.length
  input.onEvent?.({ event: 'begin', trialCount, chainCount: chains, transitionCount: warmup + draws * thin })
  const profiles = [referencePerson(protocol), ...profilePeople(protocol)]
  const patients = trials.people.filter((person) => hasAllModifiers(person, protocol))
  const stages = { model, modelOptions, method, methodOptions }
  const result = await withFits(input, identity, async (fits): Promise<Pooled> => {
    const fitTrial = (trial: TrialDesign, trialIndex: number) =>
      firstStage(input, fits, model, modelOptions, plan, trial, { trialIndex, trialCount, profiles })
    const fitted = await mapInOrder(trials.designs, fits.limit, fitTrial)
    return poolTrials(input, fits, stages, {
      fitted,
      profiles,
      patients,
      estimateOf: (one, withDraws) => estimateToPool(model, modelOptions, one, { withDraws, protocol }),
    })
  })
  return analysisOf(input, stages, result, {
    profiles,
    patients,
    exclusions: trials.exclusions,
    ...(reading.dropped && { droppedCovariates: reading.dropped.map(({ name }) => name) }),
    warnings: [
      ...collectWarnings(reading, trials, protocol, [...result.trialFits.map(({ fit }) => fit), result.pooled]),
      ...result.trialFits.flatMap(({ trial }) => modelCautions(model, trial, modelOptions)),
    ],
    protocolHash: hash,
    start,
  })
}

export interface AnalysedTrials {
  readonly profiles: readonly Person[]
  readonly patients: readonly Person[]
  readonly exclusions: Analysis['exclusions']
  readonly droppedCovariates?: readonly string[]
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
  { profiles, patients, exclusions, droppedCovariates, warnings, protocolHash, start }: AnalysedTrials,
): Analysis {
  const outcomes = outcomeTrials(
    model,
    modelOptions,
    trialFits.map(({ trial, fit }) => ({ trial, draws: fit.draws })),
  )
  return printedAnalysis({
    protocol,
    columns: designColumns(protocol),
    trialFits,
    exclusions,
    ...(droppedCovariates && { droppedCovariates }),
    pooled,
    profileEffects: effectsOf(profiles),
    ...(outcomes && { profileOutcomes: pooledOutcomes(protocol, outcomes, pooled.draws, profiles) }),
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
  })
}

function requireTwoTrials(designs: readonly TrialDesign[]): void {
  if (designs.length >= 2) return
  throw new DataError({
    problem: `only trial "${designs[0].study}" is left to analyse`,
    reason: 'pooling needs at least two trials',
    remedy: 'Check which trials the protocol leaves out (`poolite check` lists them), or fit this trial alone with the library.',
  })
}

const modelCautions = (model: FirstStageModel, trial: TrialDesign, options: unknown): Warning[] =>
  (model.cautions?.(trial, options) ?? []).map((message) => ({ severity: 'important', message }))

/** Fewer trials than this and the prior of the between-trial standard deviation shows in every prediction interval. */
const FEW_TRIALS = 5

const isImportant = (code: string, trialCount: number): boolean =>
  code === 'modifier-not-measured' || (code === 'few-trials' && trialCount < FEW_TRIALS)

function collectWarnings(reading: TrialsReading, trials: DesignedTrials, protocol: Protocol, fits: readonly Fit[]): Warning[] {
  const faults = checkTrials(reading, protocol).faults.filter((fault) => fault.severity === 'warning')
  const fallback = fits.find((one) => one.engine.fallbackReason !== undefined)?.engine
  return [
    ...faults.map(
      ({ code, message, remedy }): Warning => ({
        severity: isImportant(code, trials.designs.length) ? 'important' : 'note',
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
