import type { KeptPooling } from '../contract/analysis.js'
import type { EffectPredictor, FirstStageModel } from '../contract/first-stage-model.js'
import type { EffectPoolingMethod } from '../contract/pooling-method.js'
import type { TrialDesign } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import { type TrialOverlap, trialOverlap } from '../effects/extrapolation.js'
import { chainStream } from '../fitting/chain-task.js'
import { bootstrapRefits } from './bootstrap-refits.js'
import type { EffectPoolingJob, PredictingTrial } from './pool-effects.js'

export interface FittedStages {
  readonly protocol: Protocol
  readonly model: FirstStageModel
  readonly modelOptions: unknown
  readonly method: EffectPoolingMethod
  readonly options: unknown
  readonly trials: readonly FittedStage[]
}

export interface FittedStage {
  readonly trial: TrialDesign
  readonly draws: Draws
  /** In place of the model's, for a trial whose parameters stayed at its site. */
  readonly predictor?: EffectPredictor
  /** Where they were computed before. */
  readonly refits?: Draws
}

/**
 * What pooling effects takes beside the fits, worked out once for an analysis, bootstrap refits included.
 * @throws DataError, ProtocolError and RunError as the method's preparation and the refits do.
 */
export async function prepareEffectPooling(stages: FittedStages): Promise<KeptPooling> {
  const { protocol, model, modelOptions, method, options, trials } = stages
  const { seed } = protocol.inference
  const { refits: replicates } = method.needs?.(options) ?? {}
  const refits: Draws[] = []
  if (replicates !== undefined)
    for (const { trial, refits: made } of trials)
      refits.push(made ?? (await bootstrapRefits(model, modelOptions, trial, { replicates, seed })))
  const predicted = trials.map(({ trial, draws, predictor }) => ({
    design: trial,
    predictor: predictor ?? model.effects(draws, trial, modelOptions),
  }))
  const source = chainStream({ seed, purpose: 'second-stage', study: '' }, 'preparation', 0)
  const preparation = method.prepare?.(predicted, options, source)
  return { preparation, ...(refits.length > 0 ? { refits } : {}) }
}

/** Ready to pool the effects of anyone, after an analysis or from what was kept of one. */
export function effectPoolingJob(
  { protocol, model, modelOptions, method, options, trials }: FittedStages,
  { preparation, refits }: KeptPooling,
  overlaps: readonly TrialOverlap[] = trials.map(({ trial }) => trialOverlap(trial)),
): EffectPoolingJob {
  const predicting = trials.map(
    ({ trial, draws, predictor }, index): PredictingTrial => ({
      trial,
      predictor: predictor ?? model.effects(draws, trial, modelOptions),
      ...(refits ? { refits: model.effects(refits[index], trial, modelOptions) } : {}),
    }),
  )
  return { protocol, method, options, trials: predicting, preparation, overlaps }
}
