/** Everything that a validation says, from the predictions of all candidates for all held-out trials. */
import type { Stream } from '../contract/stream.js'
import { type CalibrationCurve, calibrationCurve } from './calibration-curve.js'
import type { Fold } from './folds.js'
import type { HeldOutTrial } from './held-out-trial.js'
import { type Gain, poolGains } from './pool-gains.js'
import { poolTrialScores } from './pool-trial-scores.js'
import { gainInformation, rLossGain } from './r-loss.js'
import { bestCandidate, sharesBest } from './rank-candidates.js'
import { recommend } from './recommend.js'
import { type Prediction, type TrialScores, trialScores } from './trial-scores.js'
import type { CandidateFailure, CandidateResult, NestedChoice, Recommendation } from './validation.js'

/** In place of a prediction or a fit. */
export interface Failed {
  readonly reason: string
}

export const hasFailed = (one: object): one is Failed => 'reason' in one

export type JudgedCandidate = Pick<CandidateResult, 'name' | 'isConstant' | 'methods' | 'failedDiagnoses'> & {
  /** `[trial]` */
  readonly predictions: readonly (Prediction | Failed)[]
}

export interface JudgedTrials {
  /** `[trial]` */
  readonly held: readonly HeldOutTrial[]
  /** `[trial]` */
  readonly studies: readonly string[]
  readonly folds: readonly Fold[]
  /** Gains over the constant effect within the training trials of each fold, `[fold][candidate]`; absent when the choice is not nested. */
  readonly inner?: readonly (readonly (readonly Gain[] | undefined)[])[]
  /** Smallest important benefit. */
  readonly threshold: number
  /** Of squared outcomes. */
  readonly unit: string
  readonly stream: Stream
}

export interface Judgement {
  readonly candidates: readonly CandidateResult[]
  readonly nested?: NestedChoice
  readonly recommendation: Recommendation
}

/** @param candidates the constant effect first, which has no failures */
export function judge(
  candidates: readonly JudgedCandidate[],
  { held, studies, folds, inner, threshold, unit, stream }: JudgedTrials,
): Judgement {
  const reference = candidates[0].predictions as readonly Prediction[]
  const scores = candidates.map(({ predictions }) =>
    predictions.map((prediction, trial): TrialScores | undefined =>
      hasFailed(prediction) ? undefined : trialScores(held[trial], prediction, reference[trial].means, threshold),
    ),
  )
  const gains = scores.map((own) => (own.every((score) => score !== undefined) ? own.map(({ gain }) => gain) : undefined))
  const shares = sharesBest(gains, stream)
  const results = candidates.map(
    ({ predictions, ...named }, place): CandidateResult => ({
      ...named,
      trials: scores[place],
      failures: failuresOf(predictions, studies),
      pooled: poolTrialScores(scores[place].filter((score) => score !== undefined)),
      curve: pooledCurve(held, predictions),
      shareBest: shares[place],
    }),
  )
  const nested = inner && nestedChoice(scores, inner, folds)
  const ranked = results.map(({ name, isConstant, shareBest }, place) => ({
    name,
    isConstant,
    shareBest,
    gains: gains[place],
    gainOver: (other: number) => pairedGains(held, candidates[place].predictions, candidates[other].predictions),
  }))
  const recommendation = recommend(ranked, { ...(nested && { nested }), unit, trialCount: held.length })
  return { candidates: results, ...(nested && { nested }), recommendation }
}

function failuresOf(predictions: readonly (Prediction | Failed)[], studies: readonly string[]): CandidateFailure[] {
  const failures = predictions.flatMap((one, trial) => (hasFailed(one) ? [{ study: studies[trial], reason: one.reason }] : []))
  const isSameEverywhere = failures.length === studies.length && new Set(failures.map(({ reason }) => reason)).size === 1
  return isSameEverywhere ? [{ reason: failures[0].reason }] : failures
}

/** Gains of one prediction over another, `[trial]`; undefined when either failed in one. */
function pairedGains(
  held: readonly HeldOutTrial[],
  own: readonly (Prediction | Failed)[],
  other: readonly (Prediction | Failed)[],
): Gain[] | undefined {
  const gains = held.flatMap((trial, place): Gain[] => {
    const [first, second] = [own[place], other[place]]
    if (hasFailed(first) || hasFailed(second)) return []
    return [{ ...rLossGain(trial, first.means, second.means), information: gainInformation(trial) }]
  })
  return gains.length === held.length ? gains : undefined
}

/**
 * Over the patients of all trials, allocation centred in each. Empty where predictions differ less within trials than between them: the trial that is left out
 * pulls what is predicted for it away from itself, so that the curve would fall without anything being wrong.
 */
function pooledCurve(held: readonly HeldOutTrial[], predictions: readonly (Prediction | Failed)[]): CalibrationCurve {
  const parts = held.flatMap(({ residual, contrast }, trial) => {
    const prediction = predictions[trial]
    return hasFailed(prediction) ? [] : [{ residual, contrast, means: prediction.means }]
  })
  const joined = (part: (one: (typeof parts)[number]) => Float64Array) =>
    Float64Array.from(parts.flatMap((one) => [...part(one)]))
  const all = joined(({ means }) => means)
  const within = joined(({ means }) => means.map((value) => value - average(means)))
  if (squares(within) < squares(all.map((value) => value - average(all))) / 2)
    return calibrationCurve(UNUSED, new Float64Array(0))
  return calibrationCurve({ residual: joined(({ residual }) => residual), contrast: joined(({ contrast }) => contrast) }, all)
}

const UNUSED = { residual: new Float64Array(0), contrast: new Float64Array(0) }

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0)

function nestedChoice(
  scores: readonly (readonly (TrialScores | undefined)[])[],
  inner: readonly (readonly (readonly Gain[] | undefined)[])[],
  folds: readonly Fold[],
): NestedChoice {
  const chosen = new Array<number>(scores[0].length)
  folds.forEach(({ held }, fold) => {
    for (const trial of held) {
      // A candidate that fails in the fold cannot be used there, whatever it was before.
      const usable = inner[fold].map((gains, candidate) => (scores[candidate][trial] ? gains : undefined))
      chosen[trial] = Math.max(0, bestCandidate(usable))
    }
  })
  return { gain: poolGains(chosen.map((candidate, trial) => scores[candidate][trial]!.gain)), chosen }
}
