/**
 * Individualised effects of the test patients of each simulated case, mean and standard deviation for a new setting: `ite/<case>.<first stage>.csv` by the
 * weighted average with its defaults, `ite/<case>.<first stage>-<second stage>.csv` by other ways to pool the same fits. Every case gets the same models
 * with their defaults, the linear one with its coefficients pooled too; what is true of the test patients is not read.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DSVRowString } from 'd3-dsv'
import { type Diagnosis, diagnose } from '../../../diagnostics/convergence/diagnose.js'
import { firstStageModel as gaussianProcess } from '../../../models/first-stage/gaussian-process.js'
import { firstStageModel as linear } from '../../../models/first-stage/linear.js'
import { firstStageModel as neuralNetwork } from '../../../models/first-stage/neural-network.js'
import { firstStageModel as treeEnsemble } from '../../../models/first-stage/tree-ensemble.js'
import { poolingMethod as mixture } from '../../../models/pooling/mixture.js'
import { poolingMethod as multivariate } from '../../../models/pooling/multivariate.js'
import { poolingMethod as weightedAverage } from '../../../models/pooling/weighted-average.js'
import type { EffectPredictor, FirstStageModel } from '../../../src/contract/first-stage-model.js'
import type { EffectPoolingMethod } from '../../../src/contract/pooling-method.js'
import type { TrialDesign, TrialEstimate } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { chainLengths } from '../../../src/fitting/chain-lengths.js'
import { exactFit } from '../../../src/fitting/exact-fit.js'
import { fitConditioned } from '../../../src/fitting/fit.js'
import { conditionOnBestEngine } from '../../../src/language/condition-on-best-engine.js'
import { stream } from '../../../src/random/stream.js'
import { caseTrials } from '../case-trials.js'
import { casesWith, readCsv, readJson } from '../kit.js'
import type { Suite, SuiteContext } from '../suite.js'

/** Test patients at a time, with the reference patient no more than a Gaussian process draws jointly. */
const BLOCK = 63
const CHAINS = 4
const DRAWS = 250

/** By the end of the file's name; the first one bears that of the first stage alone. */
const secondStages: Readonly<Record<string, readonly [EffectPoolingMethod, Readonly<Record<string, unknown>>]>> = {
  '': [weightedAverage as EffectPoolingMethod, {}],
  '-equal': [weightedAverage as EffectPoolingMethod, { weights: 'equal' }],
  '-published': [weightedAverage as EffectPoolingMethod, { weights: 'posterior-variance', heterogeneity: 'none' }],
  '-random-effects': [weightedAverage as EffectPoolingMethod, { weights: 'posterior-variance', heterogeneity: 'posterior' }],
  '-mixture': [mixture as EffectPoolingMethod, {}],
  '-stacking': [mixture as EffectPoolingMethod, { weights: 'stacking' }],
}

const models = [linear, gaussianProcess, neuralNetwork, treeEnsemble] as readonly FirstStageModel[]

export const suite: Suite = {
  name: 'ite',
  async run(context) {
    for (const name of casesWith(context.kit, 'ols_mixmeta.json').filter((name) => existsSync(testFile(context.kit, name))))
      for (const model of models) await context.attempt(`${name} ${model.name}`, () => runCase(name, model, context))
  },
}

const testFile = (kit: string, name: string) => join(kit, 'data', 'sim', name, 'test.csv')

async function runCase(name: string, model: FirstStageModel, { kit, settings, write }: SuiteContext): Promise<string> {
  const start = performance.now()
  const trials = caseTrials(kit, name)
  const predictors: EffectPredictor[] = []
  const estimates: TrialEstimate[] = []
  const failed: string[] = []
  let gradientCount = 0
  for (const trial of trials) {
    const fitted = await fitTrial(model, trial, settings.seed, `ite ${name}`)
    gradientCount += fitted.gradientCount
    if (fitted.diagnosis.status === 'failed') failed.push(`${trial.study} (${failedChecks(fitted.diagnosis)})`)
    predictors.push(fitted.predictor)
    if (fitted.estimate) estimates.push(fitted.estimate)
  }
  const fitted = (performance.now() - start) / 1000
  const test = readCsv(testFile(kit, name))
  const { y_sd: scale } = readJson<{ prep: { y_sd: number } }>(join(kit, 'ref', name, 'ols_mixmeta.json')).prep
  const predictions = predictCase(trials, predictors, test, settings.seed)
  if (estimates.length === trials.length) predictions.set('-multivariate', predictLinear(trials, estimates, test, settings.seed))
  for (const [ending, rows] of predictions) {
    const lines = rows.map(({ mean, sd }) => `${scale * mean},${scale * sd}`)
    write(`ite/${name}.${model.name}${ending}.csv`, `${['ite,sd', ...lines].join('\n')}\n`)
  }
  const seconds = (performance.now() - start) / 1000
  const doubt = failed.length > 0 ? `: ${failed.join(', ')}` : ''
  return `${fitted.toFixed(1)} s of ${seconds.toFixed(1)} s for the first stage, ${gradientCount} gradients, ${test.length} test patients, convergence in doubt in ${failed.length} of ${trials.length} trials${doubt}`
}

/** Patients of a trial whose effects stand for those of all when its convergence is judged. */
const JUDGED_PATIENTS = 8

async function fitTrial(model: FirstStageModel, trial: TrialDesign, seed: number, purpose: string) {
  const options = model.parseOptions({})
  const exact = exactFit(model, trial, options, { seed, purpose, draws: DRAWS })
  if (exact) {
    const estimate = model.estimate?.(exact.draws, trial)
    return { predictor: model.effects(exact.draws, trial, options), diagnosis: exact.diagnosis, gradientCount: 0, estimate }
  }
  const { model: probabilistic, data } = model.condition(trial, options)
  const { algorithm, start, climb, ...suggested } = model.sampling?.(options, trial.outcome.length) ?? {}
  const fit = await fitConditioned(await conditionOnBestEngine(probabilistic, data), {
    ...chainLengths({}, suggested),
    ...(algorithm && { algorithm }),
    ...(start && { start }),
    ...(climb && { climb: true }),
    targetAcceptance: model.targetAcceptance(options),
    seed,
    purpose,
    study: trial.study,
  })
  const names = Array.from({ length: Math.min(JUDGED_PATIENTS, trial.outcome.length) }, (_, patient) => `${patient + 1}`)
  const people = { names, modifiers: trial.covariates.subarray(0, names.length * trial.columns.length) }
  const judged =
    model.identified && diagnose(model.identified(fit.draws, trial, options, people), fit.sampler, { maximumTreeDepth: 10 })
  return {
    predictor: model.effects(fit.draws, trial, options),
    diagnosis: judged ?? fit.diagnosis,
    gradientCount: fit.gradientCount,
  }
}

const failedChecks = ({ checks }: Diagnosis) =>
  checks.flatMap(({ name, status }) => (status === 'failed' ? [name] : [])).join(' ')

type Prediction = { readonly mean: number; readonly sd: number }

/** Rows of each second stage, whose name ends the file's. */
function predictCase(
  trials: readonly TrialDesign[],
  predictors: readonly EffectPredictor[],
  test: DSVRowString[],
  seed: number,
): Map<string, Prediction[]> {
  const predicted = trials.map((design, trial) => ({ design, predictor: predictors[trial] }))
  const stages = Object.entries(secondStages).map(([ending, [method, raw]]) => {
    const options = method.parseOptions(raw)
    return { ending, method, options, preparation: method.prepare?.(predicted, options, stream(seed, 'ite preparation')) }
  })
  const results = new Map<string, Prediction[]>(stages.map(({ ending }) => [ending, []]))
  for (let first = 0; first < test.length; first += BLOCK) {
    const block = test.slice(first, first + BLOCK)
    const rows = [{} as DSVRowString, ...block].map((row) => scaledModifiers(trials[0], row))
    const effects = trials.map(({ study, outcome }, trial) => {
      const all = predictors[trial].predict(Float64Array.from(rows.flat()), rows.length, stream(seed, 'ite', study, first))
      const isReference = (at: number) => at % rows.length === 0
      return {
        study,
        patientCount: outcome.length,
        draws: all.filter((_, at) => !isReference(at)),
        modifiers: Float64Array.from(rows.slice(1).flat()),
        reference: { draws: all.filter((_, at) => isReference(at)), modifiers: Float64Array.from(rows[0]) },
      }
    })
    const request = {
      people: block.map((_, person) => `${person + 1}`),
      chainCount: CHAINS,
      drawCount: DRAWS,
      streamFor: (chain: number) => stream(seed, 'ite pooling', chain),
    }
    for (const { ending, method, options, preparation } of stages) {
      const { draws } = method.pool(effects, options, request, preparation)
      const [average, newSetting] = ['mu', 'theta_new'].map((name) => moments(variable(draws, name).values, block.length))
      results.get(ending)?.push(...block.map((_, person) => ({ mean: average[person].mean, sd: newSetting[person].sd })))
    }
  }
  return results
}

/** At the centre where there is no value. */
const scaledModifiers = ({ columns }: TrialDesign, row: DSVRowString): number[] =>
  columns.map(({ name, centre, scale }) => (row[name] === undefined ? 0 : (Number(row[name]) - centre) / scale))

/** By REML, whose coefficients are those of the effect at the centre of the modifiers and of the modifiers. */
function predictLinear(
  trials: readonly TrialDesign[],
  estimates: readonly TrialEstimate[],
  test: DSVRowString[],
  seed: number,
): Prediction[] {
  const request = { chainCount: CHAINS, drawCount: DRAWS, streamFor: (chain: number) => stream(seed, 'ite linear', chain) }
  const { draws } = multivariate.pool(estimates, multivariate.parseOptions({}), request)
  const width = trials[0].columns.length + 1
  const pooled = ['mu', 'theta_new'].map((name) => variable(draws, name).values)
  const effectsOf = (coefficients: Float64Array, person: Float64Array) =>
    Float64Array.from({ length: CHAINS * DRAWS }, (_, draw) =>
      person.reduce((sum, value, at) => sum + value * coefficients[draw * width + at], 0),
    )
  return test.map((row) => {
    const person = Float64Array.of(1, ...scaledModifiers(trials[0], row))
    const [average, newSetting] = pooled.map((coefficients) => moments(effectsOf(coefficients, person), 1)[0])
    return { mean: average.mean, sd: newSetting.sd }
  })
}

function moments(draws: Float64Array, width: number): { mean: number; sd: number }[] {
  const count = draws.length / width
  return Array.from({ length: width }, (_, person) => {
    const own = Float64Array.from({ length: count }, (__, draw) => draws[draw * width + person])
    const mean = own.reduce((sum, value) => sum + value, 0) / count
    return { mean, sd: Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)) }
  })
}
