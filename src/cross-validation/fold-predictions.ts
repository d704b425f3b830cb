import type { Person } from '../contract/analysis.js'
import type { EffectPredictor } from '../contract/first-stage-model.js'
import type { PoolingMethod } from '../contract/pooling-method.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import type { Fits } from '../fitting/fits.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'
import { bootstrapRefits } from '../stages/bootstrap-refits.js'
import { effectPoolingJob, prepareEffectPooling } from '../stages/open-effect-pooling.js'
import { modifiersOf, pooledDrawBlocks } from '../stages/pool-effects.js'
import { poolEstimates } from '../stages/pool-estimates.js'
import { pooledDrawsOf, poolingKey, SECOND_STAGE } from '../stages/pooled-draws.js'
import { type FittedTrial, samplingSettings } from '../stages/stage-input.js'
import { estimateToPool } from '../stages/trial-estimates.js'
import type { Candidate } from './validation-candidates.js'

/** Effects of people in a new setting, in units of the outcome, as the trials of a fold predict them. */
export interface FoldPrediction {
  /** Mean, `[person]`. */
  readonly means: Float64Array
  /** `[draw, person]`; empty where only means are wanted. */
  readonly draws: Float64Array
  /** Of the pooled fit. */
  readonly diagnosis: 'passed' | 'failed'
}

export interface FoldRequest {
  readonly training: readonly FittedTrial[]
  readonly people: readonly Person[]
  readonly columns: readonly DesignColumn[]
  /** The choice within training trials takes means only, from shorter chains. */
  readonly isInner: boolean
  readonly memory: FirstStageMemory
}

/** What comes from the fits of one first stage alone, and is the same in all folds. */
export interface FirstStageMemory {
  /** Refits to bootstrap samples by trial and number. */
  readonly refits: Map<string, Promise<Draws>>
  readonly predictors: Map<string, EffectPredictor>
  /** Effects that a trial predicts for people, where there is room to keep them; each pair of trials meets in many inner folds. */
  readonly keepsEffects: boolean
}

/** @param patientCount of all trials together */
export function firstStageMemory(trialCount: number, patientCount: number): FirstStageMemory {
  const keepsEffects = INNER_DRAWS * trialCount * patientCount < MOST_KEPT
  return { refits: new Map(), predictors: new Map(), keepsEffects }
}

/** Draws of each trial's posterior that pooling effects begins with, and of the pooled effects. */
const OUTER_DRAWS = 1000
const INNER_DRAWS = 200
/** Numbers: 256 MB. */
const MOST_KEPT = 2 ** 25
/** Of a person's effect in a new setting, kept for the calibration of intervals. */
const KEPT_DRAWS = 400
const INNER_LENGTHS = { chains: 2, warmup: 500, draws: 500 }

/** Pools the training trials of a fold and predicts for people of other trials. @throws what the second stage throws. */
export function predictFold(candidate: Candidate, request: FoldRequest, fits: Fits): Promise<FoldPrediction> {
  return candidate.method.takes === 'effects'
    ? predictByEffects(candidate, request)
    : predictByCoefficients(candidate, request, fits)
}

async function predictByCoefficients(candidate: Candidate, request: FoldRequest, fits: Fits): Promise<FoldPrediction> {
  const { people, columns, isInner } = request
  const protocol = isInner ? shortened(candidate.protocol) : candidate.protocol
  const { draws, diagnosis } = await poolCoefficients({ ...candidate, protocol }, request, fits)
  const modifiers = modifiersOf(people, columns, protocol)
  const { scale } = protocol.outcome
  const [average, newSetting] = ['mu', 'theta_new'].map((name) => variable(draws, name).values)
  const width = average.length / (draws.chainCount * draws.drawCount)
  const centre = columnMeans(average, width)
  const means = Float64Array.from(people, (_, person) => scale * effectOf(centre, 0, modifiers, person, width))
  if (isInner) return { means, draws: new Float64Array(0), diagnosis }
  const rows = evenly(draws.chainCount * draws.drawCount, KEPT_DRAWS)
  const kept = new Float64Array(rows.length * people.length)
  rows.forEach((row, index) => {
    people.forEach((_, person) => {
      kept[index * people.length + person] = scale * effectOf(newSetting, row * width, modifiers, person, width)
    })
  })
  return { means, draws: kept, diagnosis }
}

type Pooled = { readonly draws: Draws; readonly diagnosis: FoldPrediction['diagnosis'] }

async function poolCoefficients(
  { protocol, model, modelOptions, method, methodOptions }: Candidate,
  { training }: FoldRequest,
  fits: Fits,
): Promise<Pooled> {
  if (method.takes === 'effects') throw new TypeError('a method that pools effects has no coefficients')
  const withDraws = method.takes === 'coefficients' && method.takesDraws?.(methodOptions) === true
  const estimates = training.map((one) => estimateToPool(model, modelOptions, one, { withDraws, protocol }))
  if (method.takes === 'coefficients') return sampleCoefficients(protocol, method, methodOptions, estimates, fits)
  const { fit } = poolEstimates(protocol, method, methodOptions, estimates)
  return { draws: fit.draws, diagnosis: fit.diagnosis.status }
}

async function sampleCoefficients(
  protocol: Protocol,
  method: PoolingMethod,
  options: unknown,
  estimates: readonly TrialEstimate[],
  fits: Fits,
): Promise<Pooled> {
  const { model, data } = method.condition(estimates, options)
  const fit = await fits.run(await conditionOnBestEngine(model, data, { known: fits.known }), 'pooling', {
    ...samplingSettings(protocol, { targetAcceptance: method.targetAcceptance(options) }),
    purpose: SECOND_STAGE,
  })
  const { draws } = pooledDrawsOf(method, options, estimates, fit.draws, poolingKey(protocol, SECOND_STAGE))
  return { draws, diagnosis: fit.diagnosis.status }
}

async function predictByEffects(
  { protocol, model, modelOptions, method, methodOptions }: Candidate,
  { training, people, isInner, memory }: FoldRequest,
): Promise<FoldPrediction> {
  if (method.takes !== 'effects') throw new TypeError('a method that pools coefficients has no effects of people')
  const count = isInner ? INNER_DRAWS : OUTER_DRAWS
  const { refits: replicates } = method.needs?.(methodOptions) ?? {}
  const { seed } = protocol.inference
  const refitsOf = (trial: TrialDesign, wanted: number) =>
    remembered(memory.refits, `${trial.study} ${wanted}`, () =>
      bootstrapRefits(model, modelOptions, trial, { replicates: wanted, seed }),
    )
  const trials = await Promise.all(
    training.map(async ({ trial, fit }) => {
      const draws = thinned(fit.draws, count)
      const predictor = remembered(memory.predictors, `${trial.study} ${count}`, () => {
        const own = model.effects(draws, trial, modelOptions)
        return isInner && memory.keepsEffects ? keepingEffects(own) : own
      })
      return { trial, draws, predictor, ...(replicates !== undefined && { refits: await refitsOf(trial, replicates) }) }
    }),
  )
  const stages = { protocol, model, modelOptions, method, options: methodOptions, trials }
  const job = effectPoolingJob(stages, await prepareEffectPooling(stages), [])
  const size = people.length
  const means = new Float64Array(size)
  const rows = evenly(count, isInner ? 0 : KEPT_DRAWS)
  const kept = new Float64Array(rows.length * size)
  const { scale } = protocol.outcome
  let first = 0
  // Trial by trial, so that a block holds the same people in whatever fold.
  for (const own of byStudy(people))
    for (const block of pooledDrawBlocks(job, own, { chainCount: 1, drawCount: count })) {
      const width = block.people.length
      const centre = columnMeans(variable(block.draws, 'mu').values, width)
      const newSetting = variable(block.draws, 'theta_new').values
      means.set(
        centre.map((value) => scale * value),
        first,
      )
      rows.forEach((row, index) => {
        for (let person = 0; person < width; person++)
          kept[index * size + first + person] = scale * newSetting[row * width + person]
      })
      first += width
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  return { means, draws: kept, diagnosis: 'passed' }
}

/** Runs of people of one study, in their order. */
function byStudy(people: readonly Person[]): Person[][] {
  const groups: Person[][] = []
  for (const person of people) {
    const last = groups.at(-1)
    if (last && last[0].study === person.study) last.push(person)
    else groups.push([person])
  }
  return groups
}

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key) ?? make()
  known.set(key, found)
  return found
}

/** The same people get the same draws without being computed again. */
function keepingEffects(predictor: EffectPredictor): EffectPredictor {
  const known = new Map<string, Float64Array>()
  const { chainCount, drawCount } = predictor
  return {
    chainCount,
    drawCount,
    predict: (people, count, stream) =>
      remembered(known, `${count} ${people.join()}`, () => predictor.predict(people, count, stream)),
  }
}

function shortened(protocol: Protocol): Protocol {
  const { inference } = protocol
  const { chains, warmup, draws } = INNER_LENGTHS
  return {
    ...protocol,
    inference: {
      ...inference,
      chains: Math.min(inference.chains, chains),
      warmup: Math.min(inference.warmup ?? warmup, warmup),
      draws: Math.min(inference.draws ?? draws, draws),
    },
  }
}

/** Every so manieth draw of each chain, about `count` of them in all, as one chain. */
function thinned(draws: Draws, count: number): Draws {
  const rows = evenly(draws.chainCount * draws.drawCount, count)
  const { variables, logWeights: _, ...rest } = draws
  return {
    ...rest,
    chainCount: 1,
    drawCount: rows.length,
    variables: variables.map(({ values, ...named }) => {
      const width = values.length / (draws.chainCount * draws.drawCount)
      const kept = new Float64Array(rows.length * width)
      rows.forEach((row, index) => {
        kept.set(values.subarray(row * width, (row + 1) * width), index * width)
      })
      return { ...named, values: kept }
    }),
  }
}

/** At most `count` of the first `size` whole numbers, evenly spaced. */
function evenly(size: number, count: number): number[] {
  const used = Math.min(size, count)
  return Array.from({ length: used }, (_, index) => Math.floor(((index + 0.5) * size) / used))
}

function columnMeans(values: Float64Array, width: number): Float64Array {
  const means = new Float64Array(width)
  const rows = values.length / width
  for (let at = 0; at < values.length; at++) means[at % width] += values[at] / rows
  return means
}

/** delta + gamma' z from `[coefficient]` at an offset. */
function effectOf(coefficients: Float64Array, offset: number, modifiers: Float64Array, person: number, width: number): number {
  let effect = coefficients[offset]
  for (let k = 1; k < width; k++) effect += coefficients[offset + k] * modifiers[person * (width - 1) + k - 1]
  return effect
}
