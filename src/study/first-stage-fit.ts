/** Fits one first stage of a study to one trial: exactly where the model can, otherwise as it suggests, in this thread, with programs kept from trial to trial. */

import type { Catalog } from '../catalog.js'
import type { EffectPredictor, FirstStageModel } from '../contract/first-stage-model.js'
import type { TrialDesign } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import type { ProgramCache } from '../engine/program-cache.js'
import { approximateOrSample } from '../fitting/approximate-or-sample.js'
import { chainStream } from '../fitting/chain-task.js'
import { fitConditioned } from '../fitting/fit.js'
import { posteriorMode } from '../fitting/posterior-mode.js'
import { condition } from '../language/condition.js'
import { bootstrapRefits } from '../stages/bootstrap-refits.js'
import type { Comparator } from './comparators/comparator.js'
import type { FirstStageChoice } from './study-methods.js'
import type { StudySettings } from './study-task.js'

export interface FittedTrial {
  readonly design: TrialDesign
  readonly predictor: EffectPredictor
  /** Effects of people without Monte Carlo error, where they are not means of draws, `[person]`. */
  readonly point?: (people: Float64Array) => Float64Array
  /** Whether effects are linear in the modifiers. */
  readonly isLinear: boolean
  /** Absent for a comparator. */
  readonly fit?: { readonly model: FirstStageModel; readonly options: unknown; readonly draws: Draws }
  /** Refits to bootstrap samples, once they are asked for. */
  readonly refits: () => Promise<EffectPredictor>
  readonly gradientCount: number
  readonly isDoubtful: boolean
}

export interface FittingContext {
  readonly catalog: Catalog
  readonly cache: ProgramCache
  readonly settings: StudySettings
  /** Names the data set. */
  readonly purpose: string
}

/** Independent draws of a posterior or confidence distribution; of the bootstrap distribution that the lasso has, as many as there are refits. */
const EXACT_DRAWS = 1000

export async function fitFirstStage(choice: FirstStageChoice, trial: TrialDesign, context: FittingContext): Promise<FittedTrial> {
  if (choice.comparator) return fitComparator(choice.comparator, trial, context)
  const model = await context.catalog.firstStageModel(choice.model!)
  const options = model.parseOptions({ model: choice.model, ...choice.options })
  const { draws, gradientCount, isDoubtful } = choice.isAtMode
    ? drawOfMode(model, options, trial, context)
    : await drawPosterior(model, options, trial, context)
  const predictor = model.effects(draws, trial, options)
  const { mean } = predictor
  const isBootstrap = model.withoutEstimate !== undefined
  const { bootstrap: replicates, seed } = context.settings
  return {
    design: trial,
    predictor,
    ...(mean && { point: (people: Float64Array) => mean(people, people.length / trial.columns.length) }),
    isLinear: model.estimate !== undefined || isBootstrap,
    fit: { model, options, draws },
    refits: async () =>
      isBootstrap ? predictor : model.effects(await bootstrapRefits(model, options, trial, { replicates, seed }), trial, options),
    gradientCount,
    isDoubtful,
  }
}

interface Posterior {
  readonly draws: Draws
  readonly gradientCount: number
  readonly isDoubtful: boolean
}

/** One draw: the mode. Effects given it are as uncertain as the model says. */
function drawOfMode(
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  { settings, cache, purpose }: FittingContext,
): Posterior {
  const { model: probabilistic, data } = model.condition(trial, options)
  const conditioned = condition(probabilistic, data, { cache })
  const { start } = model.sampling?.(options, trial.outcome.length) ?? {}
  const streams = { seed: settings.seed, purpose, study: trial.study }
  const { position, gradientCount } = posteriorMode(conditioned, { ...streams, ...(start && { start }) })
  const draws = conditioned.draws(position, 1, (chain) => chainStream(streams, 'generate', chain))
  return { draws, gradientCount, isDoubtful: false }
}

async function drawPosterior(
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  { settings, cache, purpose }: FittingContext,
): Promise<Posterior> {
  const { seed, chains, bootstrap } = settings
  const streams = { seed, purpose, study: trial.study }
  const drawCount = model.withoutEstimate === undefined ? EXACT_DRAWS : bootstrap
  const exact = model.exact?.(trial, options, {
    chainCount: 1,
    drawCount,
    streamFor: (chain) => chainStream(streams, 'exact', chain),
  })
  if (exact) return { draws: exact, gradientCount: 0, isDoubtful: false }
  const { model: probabilistic, data } = model.condition(trial, options)
  const conditioned = condition(probabilistic, data, { cache })
  const { start, algorithm, climb } = model.sampling?.(options, trial.outcome.length) ?? {}
  const sample = () =>
    fitConditioned(conditioned, {
      ...streams,
      chains,
      warmup: settings.warmup,
      draws: settings.draws,
      targetAcceptance: model.targetAcceptance(options),
      ...(algorithm && { algorithm }),
      ...(start && { start }),
      ...(climb && { climb: true }),
      workers: 0,
    })
  const approximation = model.approximation?.(options)
  const fitted = await (approximation
    ? approximateOrSample(conditioned, { ...approximation, ...streams, ...(start && { start }) }, sample)
    : sample())
  const { draws, gradientCount, diagnosis } = fitted
  // weights of networks and trees are not identified, and R-hats of theirs say nothing
  const isDoubtful = model.identified === undefined && diagnosis.status === 'failed'
  return { draws, gradientCount, isDoubtful }
}

/** Refits that the spread of a learner's intervals comes from, known to a quarter of itself; weights of its own take as many as there are. */
const SPREAD_REFITS = 10

/** Refits make up the spread; their mean is moved to the prediction of the fit to all patients, which is the point that the authors use. */
function fitComparator(comparator: Comparator, trial: TrialDesign, { settings, purpose }: FittingContext): FittedTrial {
  const { seed, bootstrap } = settings
  const streams = { seed, purpose, study: trial.study }
  const count = trial.outcome.length
  const point = comparator.fit(trial, new Float64Array(count).fill(1), chainStream(streams, 'fit', 0))
  const refits: ((people: Float64Array) => Float64Array)[] = []
  const refitted = (index: number) => {
    if (refits[index]) return refits[index]
    const source = chainStream(streams, 'bootstrap', index)
    const weight = new Float64Array(count)
    for (let drawn = 0; drawn < count; drawn++) weight[Math.floor(count * source.uniform())]++
    refits[index] = comparator.fit(trial, weight, source)
    return refits[index]
  }
  const predictorOf = (drawCount: number): EffectPredictor => ({
    chainCount: 1,
    drawCount,
    predict(people, personCount) {
      const out = new Float64Array(drawCount * personCount)
      for (let sample = 0; sample < drawCount; sample++) out.set(refitted(sample)(people), sample * personCount)
      return centred(out, point(people))
    },
  })
  return {
    design: trial,
    predictor: predictorOf(Math.min(SPREAD_REFITS, bootstrap)),
    point,
    isLinear: false,
    refits: () => Promise.resolve(predictorOf(bootstrap)),
    gradientCount: 0,
    isDoubtful: false,
  }
}

/** Moves the draws of each person, `[draw, person]`, to have this mean. */
function centred(draws: Float64Array, centre: Float64Array): Float64Array {
  const count = centre.length
  const size = draws.length / count
  const shift = centre.slice()
  for (let at = 0; at < draws.length; at++) shift[at % count] -= draws[at] / size
  return draws.map((value, at) => value + shift[at % count])
}
