/** One data set of a study: simulated, analysed by every method asked for, judged by the truth. What depends on the first stage alone is done once. */
import type { Catalog } from '../catalog.js'
import type { Stream } from '../contract/stream.js'
import type { TrialDesign } from '../contract/trial.js'
import type { ProgramCache } from '../engine/program-cache.js'
import { PooliteError } from '../errors/poolite-error.js'
import { RunError } from '../errors/run-error.js'
import { chainStream } from '../fitting/chain-task.js'
import { stream } from '../random/stream.js'
import { scenarioFamily } from '../simulation/families.js'
import type { SimulatedData } from '../simulation/scenario-family.js'
import { expectedOutcome } from '../validation/expected-outcome.js'
import { type HeldOutTrial, heldOutTrial, meanOf } from '../validation/held-out-trial.js'
import { rLoss } from '../validation/r-loss.js'
import { version } from '../version.js'
import { type EffectMoments, effectMoments } from './effect-moments.js'
import { type FittedTrial, fitFirstStage } from './first-stage-fit.js'
import { mean, measureEffects } from './measure-effects.js'
import { type PooledTrial, type PoolingRequest, poolStudy, type StudyPeople } from './pool-study.js'
import { chooseMethods, type FirstStageChoice, type StudyMethod } from './study-methods.js'
import type { StudyKey, StudyRecord, StudyTiming } from './study-record.js'
import type { StudyTask } from './study-task.js'
import { type ScaledData, scaleData } from './trial-scaling.js'

export interface StudyTools {
  readonly catalog: Catalog
  readonly cache: ProgramCache
}

export interface StudyOutcome {
  readonly record: StudyRecord
  readonly timing: StudyTiming
}

/** People of each test trial who have intervals. */
const INTERVAL_PEOPLE = 20
/** Effects that a record keeps. */
const SAMPLE = 30

interface DataSet {
  readonly data: SimulatedData
  readonly scaled: ScaledData
  /** People of the test trials, then the patients of each training trial that others are validated on. */
  readonly people: StudyPeople
  readonly testCount: number
  /** First person and number of people of each training trial, and what they tell about predictions, unless they are of one arm; `[trial]`. */
  readonly patients: readonly { readonly first: number; readonly count: number; readonly validation?: HeldOutTrial | undefined }[]
  /** What methods have in common. */
  readonly shared: Map<string, unknown>
}

interface FirstStageResult {
  readonly trials: readonly PooledTrial[]
  readonly seconds: number
}

/**
 * @returns a record for every method; one of a method that failed says why
 * @throws UsageError for a design, scenario or method that there is not
 */
export async function runReplicate(task: StudyTask, tools: StudyTools): Promise<StudyOutcome[]> {
  const methods = chooseMethods(task.methods)
  const dataSet = simulate(task)
  const outcomes: StudyOutcome[] = []
  for (const choice of new Set(methods.map(({ firstStage }) => firstStage))) {
    const own = methods.filter(({ firstStage }) => firstStage === choice)
    const needsRefits = own.some(({ secondStage }) => secondStage.options.weights === 'bootstrap')
    const first = await attempt(() => fitAll(choice, dataSet, needsRefits, task, tools))
    for (const method of own) outcomes.push(await judge(method, first, dataSet, task, tools))
  }
  return outcomes
}

function simulate({ design, scenario: id, replicate, settings }: StudyTask): DataSet {
  const family = scenarioFamily(design)
  const scenario = family.scenarios.find((one) => one.id === id)!
  const data = family.simulate(stream(settings.seed, 'simulation', design, id, replicate), scenario)
  const scaled = scaleData(data)
  const blocks = [...data.testTrials, ...data.trainingTrials].map((trial) => {
    const count = Math.min(settings.people, trial.outcome.length)
    return { count, modifiers: scaled.modifiers(trial, count) }
  })
  const starts = blocks.map((_, index) => blocks.slice(0, index).reduce((sum, { count }) => sum + count, 0))
  const modifiers = new Float64Array(blocks.reduce((sum, block) => sum + block.modifiers.length, 0))
  blocks.forEach((block, index) => {
    modifiers.set(block.modifiers, starts[index] * data.covariateNames.length)
  })
  const tests = data.testTrials.length
  return {
    data,
    scaled,
    people: { count: blocks.reduce((sum, { count }) => sum + count, 0), modifiers },
    testCount: starts[tests],
    patients: scaled.trials.map((trialDesign, trial) => ({
      first: starts[tests + trial],
      count: blocks[tests + trial].count,
      validation: heldOut(
        trialDesign,
        blocks[tests + trial].count,
        stream(settings.seed, 'validation', design, id, replicate, trial),
      ),
    })),
    shared: new Map(),
  }
}

/** The first `count` patients of a trial, for effects predicted without it; nothing when they are of one arm. */
function heldOut({ outcome, treatment, covariates }: TrialDesign, count: number, folds: Stream): HeldOutTrial | undefined {
  if (new Set(treatment.subarray(0, count)).size < 2) return undefined
  const expected = expectedOutcome(outcome, covariates, folds)
  return heldOutTrial(outcome.subarray(0, count), treatment.subarray(0, count), expected.subarray(0, count))
}

/** What was thrown, in words, or a value. Anything but an error of ours is a bug, and a row all the same: a study of days should not end by it. */
async function attempt<Value>(work: () => Promise<Value>): Promise<Value | { readonly failure: string }> {
  try {
    return await work()
  } catch (error) {
    return { failure: error instanceof PooliteError ? error.message : `unexpected: ${String(error)}` }
  }
}

const purposeOf = ({ design, scenario, replicate }: StudyTask, what: string) => `study ${design} ${scenario} ${replicate} ${what}`

async function fitAll(
  choice: FirstStageChoice,
  { scaled, people }: DataSet,
  needsRefits: boolean,
  task: StudyTask,
  { catalog, cache }: StudyTools,
): Promise<FirstStageResult> {
  const start = performance.now()
  const purpose = purposeOf(task, choice.name)
  const trials: PooledTrial[] = []
  for (const design of scaled.trials) {
    const fitted = await fitFirstStage(choice, design, { catalog, cache, settings: task.settings, purpose })
    const modifiers = knownModifiers(fitted, people, scaled)
    const source = chainStream({ seed: task.settings.seed, purpose, study: design.study }, 'effects', 0)
    const momentsOf = (predictor: FittedTrial['predictor']) =>
      effectMoments(predictor, modifiers, people.count, fitted.isLinear, source)
    const moments = fitted.point
      ? lazyMoments(fitted.point(modifiers), () => momentsOf(fitted.predictor))
      : momentsOf(fitted.predictor)
    if (!moments.means.every(Number.isFinite)) throw new RunError(notFinite(design.study))
    const refits = needsRefits ? await fitted.refits() : undefined
    const refitMoments = refits && (refits === fitted.predictor ? moments : momentsOf(refits))
    const reference = new Float64Array(design.columns.length)
    const referenceMoments = effectMoments(fitted.predictor, reference, 1, fitted.isLinear, source)
    trials.push({ fitted, moments, modifiers, referenceMoments, ...(refitMoments && { refitMoments }) })
  }
  return { trials, seconds: (performance.now() - start) / 1000 }
}

/** Variances only when they are asked for: those of a learner take refits, and predictions by each for everybody. */
function lazyMoments(means: Float64Array, moments: () => EffectMoments): EffectMoments {
  let known: EffectMoments | undefined
  return {
    means,
    get variances() {
      known ??= moments()
      return known.variances
    },
  }
}

const notFinite = (study: string) => ({
  problem: `the first stage predicts effects in trial "${study}" that are not finite`,
  remedy: 'Take this for a failure of the method on this data set.',
})

/** The columns of the people that the trial has measured. */
function knownModifiers({ design }: FittedTrial, { count, modifiers }: StudyPeople, { columns }: ScaledData): Float64Array {
  if (design.columns.length === columns.length) return modifiers
  const places = design.columns.map(({ name }) => columns.findIndex((column) => column.name === name))
  return Float64Array.from(
    { length: count * places.length },
    (_, at) => modifiers[Math.floor(at / places.length) * columns.length + places[at % places.length]],
  )
}

async function judge(
  method: StudyMethod,
  first: FirstStageResult | { readonly failure: string },
  dataSet: DataSet,
  task: StudyTask,
  tools: StudyTools,
): Promise<StudyOutcome> {
  const start = performance.now()
  const { design, scenario, replicate, settings } = task
  const key: StudyKey = { design, scenario, replicate, method: method.name, seed: settings.seed, version }
  const found = 'failure' in first ? first : await attempt(() => analyse(method, first, dataSet, task, tools))
  const seconds = (performance.now() - start) / 1000
  return {
    record: { ...key, ...found },
    timing: { ...key, firstStageSeconds: 'failure' in first ? 0 : first.seconds, secondStageSeconds: seconds },
  }
}

async function analyse(
  { secondStage, name }: StudyMethod,
  { trials }: FirstStageResult,
  dataSet: DataSet,
  task: StudyTask,
  { catalog, cache }: StudyTools,
): Promise<Partial<StudyRecord>> {
  const { data, scaled, testCount } = dataSet
  const { outcomeScale } = scaled
  const request: PoolingRequest = {
    trials: trials.map((trial) => firstPeople(trial, dataSet.people.count, 0, testCount)),
    people: { count: testCount, modifiers: rows(dataSet.people.modifiers, dataSet.people.count, 0, testCount) },
    modifierNames: data.covariateNames,
    secondStage,
    catalog,
    cache,
    settings: task.settings,
    purpose: purposeOf(task, name),
    sharedPurpose: purposeOf(task, 'shared'),
    shared: dataSet.shared,
  }
  const pooled = await poolStudy(request)
  const point = pooled.point.map((value) => value * outcomeScale)
  const each = testCount / data.testTrials.length
  const truthOf = (of: 'treatmentEffect' | 'meanEffect') =>
    Float64Array.from(data.testTrials.flatMap((trial) => [...trial[of].subarray(0, each)]))
  const step = Math.max(1, Math.floor(each / INTERVAL_PEOPLE))
  const chosen = Array.from({ length: Math.floor(testCount / step) }, (_, at) => at * step)
  const draws = pooled.intervals(chosen)
  const inUnits = (values: Float64Array) => values.map((value) => value * outcomeScale)
  const measures = measureEffects(
    {
      point,
      truth: truthOf('treatmentEffect'),
      meanTruth: truthOf('meanEffect'),
      trainingDeviation: trainingDeviation(data),
    },
    { chosen, average: inUnits(draws.average), newSetting: inUnits(draws.newSetting) },
  )
  const gradientCount = trials.reduce((sum, { fitted }) => sum + fitted.gradientCount, pooled.gradientCount)
  const { validated: most = Number.POSITIVE_INFINITY } = task.settings
  const validated = task.replicate < most ? await attempt(() => validate(request, trials, dataSet)) : undefined
  // fewer trials may be too few for a method that all of them are enough for: it then has no validation, and is no failure
  const validationLoss = typeof validated === 'number' ? validated : undefined
  return {
    measures,
    ...(validationLoss !== undefined && { validationLoss: validationLoss * outcomeScale ** 2 }),
    doubtfulFits: trials.filter(({ fitted }) => fitted.isDoubtful).length + Number(pooled.isDoubtful),
    gradientCount,
    sample: Array.from({ length: SAMPLE }, (_, at) => Number(point[Math.floor((at * testCount) / SAMPLE)].toPrecision(9))),
  }
}

function trainingDeviation({ trainingTrials }: SimulatedData): number {
  const deviations = trainingTrials.map(({ treatmentEffect, meanEffect }) =>
    mean(treatmentEffect.map((effect, patient) => effect - meanEffect[patient])),
  )
  return mean(Float64Array.from(deviations))
}

/** Each trial in turn predicted by the pooled others: only the second stage is repeated. Not for second stages that sample something, nor for fewer than three trials. */
async function validate(
  request: PoolingRequest,
  trials: readonly PooledTrial[],
  { people, patients }: DataSet,
): Promise<number | undefined> {
  if (request.secondStage.isSampled || trials.length < 3) return undefined
  if (patients.some(({ validation }) => validation === undefined)) return undefined
  let sum = 0
  for (const [held, { first, count, validation }] of patients.entries()) {
    const others = trials.filter((_, trial) => trial !== held)
    const { point } = await poolStudy({
      ...request,
      trials: others.map((trial) => firstPeople(trial, people.count, first, count)),
      people: { count, modifiers: rows(people.modifiers, people.count, first, count) },
      purpose: `${request.purpose} without ${held}`,
      sharedPurpose: `${request.sharedPurpose} without ${held}`,
    })
    const constant = new Float64Array(count).fill(meanOf(validation!.pseudoEffect).estimate)
    sum += rLoss(validation!, point) - rLoss(validation!, constant)
  }
  return sum / trials.length
}

function firstPeople(
  { fitted, moments, refitMoments, referenceMoments, modifiers }: PooledTrial,
  all: number,
  first: number,
  count: number,
): PooledTrial {
  const part = (moments: EffectMoments): EffectMoments => ({
    means: moments.means.subarray(first, first + count),
    get variances() {
      return moments.variances.subarray(first, first + count)
    },
  })
  return {
    fitted,
    moments: part(moments),
    referenceMoments,
    ...(refitMoments && { refitMoments: part(refitMoments) }),
    modifiers: rows(modifiers, all, first, count),
  }
}

function rows(values: Float64Array, all: number, first: number, count: number): Float64Array {
  const width = values.length / all
  return values.subarray(first * width, (first + count) * width)
}
