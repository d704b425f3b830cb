import { designColumns } from '../data/design-columns.js'
import type { Fits } from '../fitting/fits.js'
import type { FittedTrial } from '../stages/stage-input.js'
import { constantEffect, newSettingQuantiles } from '../validation/constant-effect.js'
import type { HeldOutTrial } from '../validation/held-out-trial.js'
import { type Failed, hasFailed } from '../validation/judge.js'
import type { Gain } from '../validation/pool-gains.js'
import { gainInformation, rLossGain } from '../validation/r-loss.js'
import type { Prediction } from '../validation/trial-scores.js'
import { type FirstStageMemory, firstStageMemory, predictFold } from './fold-predictions.js'
import type { Candidate } from './validation-candidates.js'
import { benefitUnit, type Fitted, failure, signOf, type Work } from './validation-work.js'

/** Draws that stand for the constant-effect model's predictive distribution. */
const CONSTANT_DRAWS = 400

export interface Predictions {
  /** `[candidate][trial]`, the constant effect first. */
  readonly outer: readonly (readonly (Prediction | Failed)[])[]
  /** Gains over the constant effect within the training trials of each fold, `[fold][candidate]`; undefined for a candidate that failed there. */
  readonly inner: readonly (readonly (readonly Gain[] | undefined)[])[]
  /** Pooled fits whose diagnostics failed, `[candidate]`. */
  readonly failedDiagnoses: readonly number[]
}

/** Every trial predicted from the others by every candidate, and from those others again without each of them. */
export async function predictAll(work: Work, fitted: Fitted, fits: Fits): Promise<Predictions> {
  const { candidates, folds, designs, isNested, input } = work
  let done = 0
  const outer: (readonly (Prediction | Failed)[])[] = [constantPredictions(work)]
  const innerGains: (readonly Gain[] | undefined)[][] = folds.map(({ inner }) => [
    isNested
      ? inner.flatMap(({ held }) =>
          held.map((trial) => ({ estimate: 0, standardError: 0, information: gainInformation(work.held[trial]) })),
        )
      : undefined,
  ])
  const failedDiagnoses = [0]
  const memories = new Map<string, FirstStageMemory>()
  const patientCount = designs.reduce((sum, { outcome }) => sum + outcome.length, 0)
  const report = (candidate: string, result: object) => {
    done++
    input.onValidation?.({ event: 'pooled', candidate, done, ...(hasFailed(result) && result) })
  }
  for (const candidate of candidates) {
    const memory = memories.get(candidate.modelKey) ?? firstStageMemory(designs.length, patientCount)
    memories.set(candidate.modelKey, memory)
    let failedCount = 0
    const predict = async (training: readonly number[], held: readonly number[], isInner: boolean) => {
      const result = await predictTrials(work, candidate, fitted, { training, held, isInner, memory }, fits)
      report(candidate.name, result)
      if (!hasFailed(result) && result.diagnosis === 'failed' && !isInner) failedCount++
      return result
    }
    const predictions = new Array<Prediction | Failed>(designs.length)
    for (const { held, training } of folds) {
      const result = await predict(training, held, false)
      held.forEach((trial, place) => {
        predictions[trial] = hasFailed(result) ? result : result.trials[place]
      })
    }
    outer.push(predictions)
    failedDiagnoses.push(failedCount)
    const gains = isNested ? await innerGainsOf(work, predict) : folds.map(() => undefined)
    for (const [fold, own] of gains.entries()) innerGains[fold].push(own)
  }
  return { outer, inner: innerGains, failedDiagnoses }
}

type Predict = (
  training: readonly number[],
  held: readonly number[],
  isInner: boolean,
) => Promise<{ readonly trials: readonly Prediction[] } | Failed>

/** The gains of one candidate within each fold; trials that several folds leave out together are pooled without once. */
async function innerGainsOf({ folds, designs, held, input }: Work, predict: Predict): Promise<(readonly Gain[] | undefined)[]> {
  const known = new Map<string, ReadonlyMap<number, Gain> | Failed>()
  const gainsWithout = async (training: readonly number[]) => {
    const key = training.join()
    const found = known.get(key)
    if (found) return found
    const others = Array.from(designs.keys()).filter((trial) => !training.includes(trial))
    const result = await predict(training, others, true)
    const unit = benefitUnit(input.protocol)
    const constant = constantEffect(training.map((trial) => designs[trial])).estimate * unit
    const gains = hasFailed(result)
      ? result
      : new Map(others.map((trial, place) => [trial, gainOf(held[trial], result.trials[place].means, constant)]))
    known.set(key, gains)
    return gains
  }
  const all: (readonly Gain[] | undefined)[] = []
  for (const { inner } of folds) {
    const own: Gain[] = []
    let isWhole = true
    for (const fold of inner) {
      const gains = await gainsWithout(fold.training)
      if (hasFailed(gains)) isWhole = false
      else own.push(...fold.held.map((trial) => gains.get(trial)!))
    }
    all.push(isWhole ? own : undefined)
  }
  return all
}

function gainOf(trial: HeldOutTrial, means: Float64Array, constant: number): Gain {
  const reference = new Float64Array(means.length).fill(constant)
  return { ...rLossGain(trial, means, reference), information: gainInformation(trial) }
}

interface FoldTrials {
  readonly training: readonly number[]
  readonly held: readonly number[]
  readonly isInner: boolean
  readonly memory: FirstStageMemory
}

async function predictTrials(
  { designs, peopleOf, input }: Work,
  candidate: Candidate,
  fitted: Fitted,
  { training, held, isInner, memory }: FoldTrials,
  fits: Fits,
): Promise<{ readonly trials: readonly Prediction[]; readonly diagnosis: 'passed' | 'failed' } | Failed> {
  const all = fitted.get(candidate.modelKey)!
  const broken = training.find((trial) => hasFailed(all[trial]))
  if (broken !== undefined)
    return { reason: `trial "${designs[broken].study}" was not fitted: ${(all[broken] as Failed).reason}` }
  input.signal?.throwIfAborted()
  const people = held.flatMap((trial) => peopleOf[trial])
  try {
    const request = {
      training: training.map((trial) => all[trial] as FittedTrial),
      people,
      columns: designColumns(input.protocol),
      isInner,
      memory,
    }
    const { means, draws, diagnosis } = await predictFold(candidate, request, fits)
    if (!means.every(Number.isFinite)) return { reason: 'a predicted effect is not a number' }
    return {
      trials: splitPrediction(
        means,
        draws,
        held.map((trial) => peopleOf[trial].length),
        signOf(input.protocol.outcome.better),
      ),
      diagnosis,
    }
  } catch (error) {
    return failure(error, input.signal)
  }
}

/** Effects of all held-out people into benefits of each trial's. */
function splitPrediction(means: Float64Array, draws: Float64Array, sizes: readonly number[], sign: number): Prediction[] {
  const total = means.length
  const rows = total === 0 ? 0 : draws.length / total
  let first = 0
  return sizes.map((size) => {
    const own = new Float64Array(rows * size)
    for (let row = 0; row < rows; row++)
      for (let person = 0; person < size; person++) own[row * size + person] = sign * draws[row * total + first + person]
    const part = { means: means.slice(first, first + size).map((value) => sign * value), draws: own }
    first += size
    return part
  })
}

function constantPredictions({ folds, designs, input }: Work): Prediction[] {
  const predictions = new Array<Prediction>(designs.length)
  const unit = benefitUnit(input.protocol)
  for (const { held, training } of folds) {
    const pooled = constantEffect(training.map((trial) => designs[trial]))
    const quantiles = newSettingQuantiles(pooled, CONSTANT_DRAWS)
    for (const trial of held) {
      const size = designs[trial].outcome.length
      const draws = Float64Array.from({ length: CONSTANT_DRAWS * size }, (_, at) => unit * quantiles[Math.floor(at / size)])
      predictions[trial] = { means: new Float64Array(size).fill(unit * pooled.estimate), draws }
    }
  }
  return predictions
}
