import type { Fit, Person, PersonEffect } from '../contract/analysis.js'
import type { EffectPredictor } from '../contract/first-stage-model.js'
import type { EffectPooling, EffectPoolingMethod, PooledEffects, TrialEffects } from '../contract/pooling-method.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from '../contract/trial.js'
import { referencePerson } from '../data/people.js'
import type { Protocol } from '../data/protocol.js'
import { coefficientMoments } from '../draws/coefficient-moments.js'
import type { Draws } from '../draws/draws.js'
import { aggregationLeak, type LeakSlope } from '../effects/aggregation-leak.js'
import type { ArmOutcomes } from '../effects/arm-outcomes.js'
import { type AuxiliaryModel, auxiliaryModel } from '../effects/auxiliary-model.js'
import { concentrationFlags, distanceFlags, type TrialOverlap } from '../effects/extrapolation.js'
import { withOutcomes } from '../effects/outcome-draws.js'
import { peopleEffects } from '../effects/people-effects.js'
import { personContrast } from '../effects/person-contrast.js'
import type { EffectTarget } from '../effects/person-effects.js'
import { allTargets } from '../effects/protocol-effects.js'
import { DataError } from '../errors/data-error.js'
import { chainLengths } from '../fitting/chain-lengths.js'
import { chainStream } from '../fitting/chain-task.js'
import { independentFit } from '../fitting/independent-fit.js'

/** One trial with what it predicts. */
export interface PredictingTrial {
  readonly trial: TrialDesign
  readonly predictor: EffectPredictor
  /** The model refitted to bootstrap samples, in place of draws. */
  readonly refits?: EffectPredictor
}

/** Scaled modifiers of people, `[person, modifier]`. */
export function modifiersOf(people: readonly Person[], columns: readonly DesignColumn[], protocol: Protocol): Float64Array {
  return Float64Array.from(
    people.flatMap(({ covariates }) => [...personContrast(covariates, columns, protocol.covariates).subarray(1)]),
  )
}

/** Effects of profiles in one trial, which stand where a linear model has coefficients: `effect:reference patient` and so on. */
export function profileEstimate(
  { trial, predictor }: PredictingTrial,
  profiles: readonly Person[],
  protocol: Protocol,
): TrialEstimate {
  const { study, outcome, columns } = trial
  const source = chainStream({ seed: protocol.inference.seed, purpose: 'effects', study }, 'profiles', 0)
  const values = predictor.predict(modifiersOf(profiles, columns, protocol), profiles.length, source)
  const dimensions = [{ name: 'person', labels: profiles.map(({ id }) => id) }]
  const { chainCount, drawCount } = predictor
  const draws: Draws = { chainCount, drawCount, variables: [{ name: 'effect', dimensions, values }] }
  return {
    study,
    patientCount: outcome.length,
    coefficientNames: profiles.map(({ id }) => `effect:${id}`),
    ...coefficientMoments(draws, ['effect']),
  }
}

/** People at a time: effects of all trials in all draws are held in memory for as many. */
const BLOCK = 128
/** Where the reference patient comes with everybody: a model may draw no more than 64 people jointly. */
const BLOCK_WITH_REFERENCE = 63

export interface EffectPoolingJob {
  readonly protocol: Protocol
  readonly method: EffectPoolingMethod
  readonly options: unknown
  readonly trials: readonly PredictingTrial[]
  /** What the method worked out once for the analysis. */
  readonly preparation: unknown
  /** Where the patients of each trial lie, `[trial]`. */
  readonly overlaps: readonly TrialOverlap[]
}

type DrawCounts = Pick<EffectPooling, 'chainCount' | 'drawCount'>

interface PooledPeople extends PooledEffects {
  readonly effects: readonly TrialEffects[]
}

function poolPeople(job: EffectPoolingJob, people: readonly Person[], block: string, counts?: DrawCounts): PooledPeople {
  const { protocol, method, options, preparation } = job
  const { seed, chains } = protocol.inference
  const withReference = method.needs?.(options).reference === true
  const effects = job.trials.map((trial) => trialEffects(trial, people, protocol, block, withReference))
  const request: EffectPooling = {
    people: people.map(({ id }) => id),
    ...(counts ?? { chainCount: chains, drawCount: chainLengths(protocol.inference).draws }),
    streamFor: (chain) => chainStream({ seed, purpose: 'second-stage', study: '' }, 'pooling', chain),
  }
  return { ...method.pool(effects, options, request, preparation), effects }
}

function trialEffects(
  { trial, predictor, refits }: PredictingTrial,
  people: readonly Person[],
  protocol: Protocol,
  block: string,
  withReference: boolean,
): TrialEffects {
  const source = chainStream({ seed: protocol.inference.seed, purpose: 'effects', study: trial.study }, block, 0)
  const reference = referencePerson(protocol)
  const isFirst = withReference && hasSameCovariates(people[0], reference)
  const asked = withReference && !isFirst ? [reference, ...people] : people
  const modifiers = modifiersOf(asked, trial.columns, protocol)
  const all = predictor.predict(modifiers, asked.length, source)
  const allRefits = refits?.predict(modifiers, asked.length, source)
  const named = { study: trial.study, patientCount: trial.outcome.length }
  if (!withReference) return { ...named, draws: all, modifiers, ...(allRefits ? { refits: allRefits } : {}) }
  const size = modifiers.length / asked.length
  const [draws, refitted] = [all, allRefits].map((values) => values && splitFirst(values, asked.length))
  return {
    ...named,
    draws: isFirst ? all : draws!.others,
    modifiers: isFirst ? modifiers : modifiers.subarray(size),
    reference: {
      draws: draws!.first,
      modifiers: modifiers.subarray(0, size),
      ...(refitted ? { refits: refitted.first } : {}),
    },
    ...(refitted ? { refits: isFirst ? allRefits! : refitted.others } : {}),
  }
}

/** Models that draw people jointly draw others for other company: the profiles, whose first is the reference patient, are asked for once and as they are. */
const hasSameCovariates = (person: Person, other: Person) =>
  Object.entries(other.covariates).every(([name, value]) => person.covariates[name] === value)

/** The first column of `[row, column]`, and the others. */
function splitFirst(values: Float64Array, width: number): { first: Float64Array; others: Float64Array } {
  const rows = values.length / width
  const first = new Float64Array(rows)
  const others = new Float64Array(rows * (width - 1))
  for (let row = 0; row < rows; row++) {
    first[row] = values[row * width]
    others.set(values.subarray(row * width + 1, (row + 1) * width), row * (width - 1))
  }
  return { first, others }
}

/** Pools the effects of profiles, which the report shows whole, as a fit: independent draws, without a sampler. */
export function poolProfiles(job: EffectPoolingJob, profiles: readonly Person[]): { fit: Fit; weights: Float64Array } {
  const start = performance.now()
  const { draws, weights } = poolPeople(job, profiles, 'profiles')
  return { fit: independentFit({ modelName: job.method.name, draws, start }), weights }
}

/** Pooled draws of any number of people, `mu[person]` and so on, a block of people at a time. */
export function* pooledDrawBlocks(
  job: EffectPoolingJob,
  people: readonly Person[],
  counts: DrawCounts,
): Generator<{ readonly people: readonly Person[]; readonly draws: Draws }, void, void> {
  const size = job.method.needs?.(job.options).reference ? BLOCK_WITH_REFERENCE : BLOCK
  for (let first = 0; first < people.length; first += size) {
    const block = people.slice(first, first + size)
    yield { people: block, draws: poolPeople(job, block, `people ${first / size}`, counts).draws }
  }
}

/** Outcomes of people whose effects were pooled. */
type OutcomesOf = (pooled: Draws, people: readonly Person[]) => readonly ArmOutcomes[]

/** Effects of any number of people, a block of them at a time: no more than one block's draws are held in memory. */
export function* pooledEffectBlocks(
  job: EffectPoolingJob,
  people: readonly Person[],
  targets: (person: Person) => readonly EffectTarget[] = allTargets,
  outcomesOf?: OutcomesOf,
): Generator<PersonEffect[], void, void> {
  const size = job.method.needs?.(job.options).reference ? BLOCK_WITH_REFERENCE : BLOCK
  for (let first = 0; first < people.length; first += size)
    yield blockEffects(job, people.slice(first, first + size), `people ${first / size}`, targets, outcomesOf)
}

function blockEffects(
  job: EffectPoolingJob,
  people: readonly Person[],
  block: string,
  targets: (person: Person) => readonly EffectTarget[],
  outcomesOf?: OutcomesOf,
): PersonEffect[] {
  const { protocol, trials, overlaps } = job
  const studies = trials.map(({ trial }) => trial.study)
  const { draws, weights, effects } = poolPeople(job, people, block)
  const flagsOf = (index: number) => [
    ...distanceFlags(overlaps, (trial) => rowOf(effects[trial].modifiers, people.length, index)),
    ...concentrationFlags(rowOf(weights, people.length, index), studies),
  ]
  return withOutcomes(peopleEffects(protocol, draws, people, targets, flagsOf), outcomesOf?.(draws, people))
}

/** Effects of the profiles that `poolProfiles` has the draws of: of the same draws, for all targets. */
export function profileEffects(job: EffectPoolingJob, profiles: readonly Person[]): PersonEffect[] {
  return blockEffects(job, profiles, 'profiles', allTargets)
}

/** Effects of people for all targets. */
export function pooledEffects(job: EffectPoolingJob, people: readonly Person[]): PersonEffect[] {
  return [...pooledEffectBlocks(job, people)].flat()
}

function rowOf(values: Float64Array, count: number, index: number): Float64Array {
  const size = values.length / count
  return values.subarray(index * size, (index + 1) * size)
}

/** People that slopes of the pooled effect are computed from, and draws that their weights are averaged over. */
const LEAK_PEOPLE = 128
const LEAK_DRAWS = { chainCount: 1, drawCount: 100 }

/**
 * Slopes of the pooled effect over the modifiers, among evenly spaced people, and what of them comes from moving between trials. Empty when all people have the same weights, when
 * differences from the reference patient are pooled apart, when trials have different modifiers, or when the auxiliary regressions that a change is compared with cannot be computed.
 */
export function poolingLeak(job: EffectPoolingJob, people: readonly Person[]): LeakSlope[] {
  const { trials, protocol, method, options } = job
  const names = modifierNames(trials[0].trial)
  if (people.length === 0 || method.needs?.(options).reference) return []
  if (trials.some(({ trial }) => modifierNames(trial).join() !== names.join())) return []
  const count = Math.min(LEAK_PEOPLE, people.length)
  const chosen = Array.from({ length: count }, (_, index) => people[Math.floor(((index + 0.5) * people.length) / count)])
  const reference = poolPeople(job, [referencePerson(protocol)], 'leak reference', LEAK_DRAWS)
  const { weights, effects } = poolPeople(job, chosen, 'leak', LEAK_DRAWS)
  if (weights.every((weight, at) => Math.abs(weight - weights[at % trials.length]) < SAME_WEIGHT)) return []
  const auxiliary = auxiliaryModelOrNone(trials.map(({ trial }) => trial))
  if (!auxiliary) return []
  const means = posteriorMeans(effects, count)
  const modifiers = modifiersOf(chosen, trials[0].trial.columns, protocol)
  return aggregationLeak({ names, modifiers, weights, means, referenceWeights: reference.weights, auxiliary })
}

const SAME_WEIGHT = 1e-12

const modifierNames = ({ columns }: TrialDesign) => columns.filter((column) => column.isModifier).map((column) => column.name)

/** `[person, trial]` */
function posteriorMeans(effects: readonly TrialEffects[], count: number): Float64Array {
  const means = new Float64Array(count * effects.length)
  effects.forEach(({ draws }, trial) => {
    const rows = draws.length / count
    for (let at = 0; at < draws.length; at++) means[(at % count) * effects.length + trial] += draws[at] / rows
  })
  return means
}

function auxiliaryModelOrNone(trials: readonly TrialDesign[]): AuxiliaryModel | undefined {
  try {
    return auxiliaryModel(trials)
  } catch (error) {
    if (error instanceof DataError) return undefined
    throw error
  }
}
