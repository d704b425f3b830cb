import type { TrialFit } from '../contract/analysis.js'
import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { TrialEstimate } from '../contract/trial.js'
import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import { chainStream } from '../fitting/chain-task.js'
import { withMissingCoefficients } from '../numeric/missing-coefficients.js'
import { treatmentCoefficientNames } from '../numeric/trial-regression.js'

type FittedTrial = Pick<TrialFit, 'trial' | 'fit'>

/**
 * What a trial hands to a second stage that pools coefficients: their moments, the prior behind them, and their draws where these are wanted.
 * @param model one with `estimate`
 */
export function trialEstimate(
  model: FirstStageModel,
  options: unknown,
  fitted: FittedTrial,
  { withDraws, seed }: { readonly withDraws: boolean; readonly seed: number },
): TrialEstimate {
  const { trial, fit } = fitted
  const estimate = model.estimate!(fit.draws, trial)
  const prior = model.effectPrior?.(trial, options)
  return {
    ...estimate,
    ...(prior && { prior }),
    ...(withDraws && { draws: coefficientDraws(model, options, fitted, estimate.coefficientNames.length, seed) }),
  }
}

/** The same over the coefficients of the protocol, NaN where the trial lacks one because it did not measure the modifier. */
export function estimateToPool(
  model: FirstStageModel,
  options: unknown,
  fitted: FittedTrial,
  { withDraws, protocol }: { readonly withDraws: boolean; readonly protocol: Protocol },
): TrialEstimate {
  const { seed } = protocol.inference
  return withMissingCoefficients(
    trialEstimate(model, options, fitted, { withDraws, seed }),
    treatmentCoefficientNames({ columns: designColumns(protocol) }),
  )
}

/** The effect is linear in the modifiers: that of a person at their centre, and what one unit of each adds. `[draw, coefficient]` */
function coefficientDraws(
  model: FirstStageModel,
  options: unknown,
  { trial, fit }: FittedTrial,
  size: number,
  seed: number,
): Float64Array {
  const people = new Float64Array(size * (size - 1))
  for (let row = 1; row < size; row++) people[row * (size - 1) + row - 1] = 1
  const source = chainStream({ seed, purpose: 'effects', study: trial.study }, 'coefficients', 0)
  const effects = model.effects(fit.draws, trial, options).predict(people, size, source)
  return effects.map((effect, at) => (at % size === 0 ? effect : effect - effects[at - (at % size)]))
}
