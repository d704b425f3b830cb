import type { Fit } from '../contract/analysis.js'
import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { TrialDesign } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { DataError } from '../errors/data-error.js'
import { RunError } from '../errors/run-error.js'
import { chainStream, type StreamKey } from './chain-task.js'
import { independentFit } from './independent-fit.js'

export interface ExactFitSettings {
  readonly seed: number
  /** 4 when left out; as many as there are R-hats to compute from. */
  readonly chains?: number
  /** Per chain; 1000 when left out. */
  readonly draws?: number
  /** Part of the key of the random streams. */
  readonly purpose?: string
}

/**
 * Fits a first-stage model to one trial by independent draws from its posterior; `undefined` when the model, with these options, has none for the trial.
 * @throws DataError, with the trial, when the posterior is improper.
 */
export function exactFit<Options, Data>(
  model: FirstStageModel<Options, Data>,
  trial: TrialDesign,
  options: Options,
  { seed, chains: chainCount = 4, draws: drawCount = 1000, purpose = 'first-stage' }: ExactFitSettings,
): Fit | undefined {
  const start = performance.now()
  const streams: StreamKey = { seed, purpose, study: trial.study }
  const request = { chainCount, drawCount, streamFor: (chain: number) => chainStream(streams, 'exact', chain) }
  const draws = drawExactly(model, trial, options, request)
  if (!draws) return undefined
  return independentFit({ modelName: model.name, algorithm: 'exact', draws, start })
}

type Request = Parameters<NonNullable<FirstStageModel['exact']>>[2]

/** What is wrong with a posterior is wrong with the trial's data. */
function drawExactly<Options, Data>(
  model: FirstStageModel<Options, Data>,
  trial: TrialDesign,
  options: Options,
  request: Request,
): Draws | undefined {
  try {
    return model.exact?.(trial, options, request)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    const { problem, reason, remedy } = error.details
    throw new DataError({ problem: `trial "${trial.study}": ${problem}`, ...(reason && { reason }), remedy })
  }
}
