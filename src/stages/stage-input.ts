import type { Catalog } from '../catalog.js'
import type { CheckpointEvent, CheckpointSettings } from '../checkpoint/chain-checkpoints.js'
import type { FailedApproximation, Fit, TrialFit } from '../contract/analysis.js'
import type { FirstStageModel, SuggestedSampling } from '../contract/first-stage-model.js'
import type { AnyPoolingMethod } from '../contract/pooling-method.js'
import type { Protocol } from '../data/protocol.js'
import type { LargeDraws } from '../draws/stored/growing-bytes.js'
import type { ApproximationProgress } from '../fitting/approximate.js'
import { chainLengths } from '../fitting/chain-lengths.js'
import type { Workers } from '../fitting/chain-pool.js'
import type { ChainProgress } from '../inference/run-chains.js'
import type { FittedStage } from './open-effect-pooling.js'

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
  /** Where draws of fits go that are too large for memory. */
  readonly largeDraws?: LargeDraws
  /** Where model and method names are looked up; the files under `models/` by default. */
  readonly catalog?: Catalog
}

/** Both stages with their options, as the protocol names them. */
export interface Stages {
  readonly model: FirstStageModel
  readonly modelOptions: unknown
  readonly method: AnyPoolingMethod
  readonly methodOptions: unknown
}

/** With what a site sends where its draws alone do not say it. */
export type FittedTrial = Pick<TrialFit, 'trial' | 'fit'> & Pick<FittedStage, 'predictor' | 'refits'>

export async function lookUp({ protocol, catalog }: StageInput): Promise<{ model: FirstStageModel; method: AnyPoolingMethod }> {
  const { firstStageModel, poolingMethod } = catalog ?? (await import('../catalog.js')).catalog
  return { model: await firstStageModel(protocol.firstStage.model), method: await poolingMethod(protocol.secondStage.method) }
}

/** What a model says about its sampling, for what the protocol leaves open. */
export interface Suggestions extends SuggestedSampling {
  readonly targetAcceptance: number
}

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

export function outcomeOf({ diagnosis, gradientCount, seconds }: Fit): FitOutcome {
  return { diagnosis: diagnosis.status, gradientCount, seconds }
}
