/**
 * Individualised effects of the test patients of each simulated case: `ite/<case>.<first stage>.csv`, mean and standard deviation for a new setting. Every
 * case gets the same models with their defaults; what is true of the test patients is not read.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DSVRowString } from 'd3-dsv'
import { firstStageModel as gaussianProcess } from '../../../models/first-stage/gaussian-process.js'
import { poolingMethod } from '../../../models/pooling/weighted-average.js'
import { approximate } from '../../../src/approximate.js'
import type { EffectPredictor } from '../../../src/contract/first-stage-model.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { stream } from '../../../src/random/stream.js'
import { caseTrials } from '../case-trials.js'
import { casesWith, readCsv, readJson } from '../kit.js'
import type { Suite, SuiteContext } from '../suite.js'

/** Test patients at a time. */
const BLOCK = 200
const CHAINS = 4
const DRAWS = 250

export const suite: Suite = {
  name: 'ite',
  async run(context) {
    for (const name of casesWith(context.kit, 'ols_mixmeta.json'))
      if (existsSync(testFile(context.kit, name))) await context.attempt(name, () => runCase(name, context))
  },
}

const testFile = (kit: string, name: string) => join(kit, 'data', 'sim', name, 'test.csv')

async function runCase(name: string, { kit, settings, write }: SuiteContext): Promise<string> {
  const start = performance.now()
  const trials = caseTrials(kit, name)
  const options = gaussianProcess.parseOptions({})
  const predictors: EffectPredictor[] = []
  const failed: string[] = []
  let gradientCount = 0
  for (const trial of trials) {
    const { model, data } = gaussianProcess.condition(trial, options)
    const how = gaussianProcess.approximation?.(options) ?? { algorithm: 'laplace', draws: 1000 }
    const fit = await approximate(model, data, { ...how, seed: settings.seed, purpose: `ite ${name}`, study: trial.study })
    gradientCount += fit.gradientCount
    if (fit.diagnosis.checks.some((check) => check.name === 'pareto-k' && check.status === 'failed')) failed.push(trial.study)
    predictors.push(gaussianProcess.effects(fit.draws, trial, options))
  }
  const rows = predictCase(trials, predictors, readCsv(testFile(kit, name)), settings.seed)
  const { y_sd: scale } = readJson<{ prep: { y_sd: number } }>(join(kit, 'ref', name, 'ols_mixmeta.json')).prep
  const lines = rows.map(({ mean, sd }) => `${scale * mean},${scale * sd}`)
  write(`ite/${name}.gaussian-process.csv`, `${['ite,sd', ...lines].join('\n')}\n`)
  const seconds = (performance.now() - start) / 1000
  return `${seconds.toFixed(1)} s, ${gradientCount} gradients, ${rows.length} test patients, k-hat too large in ${failed.length} of ${trials.length} trials`
}

function predictCase(trials: readonly TrialDesign[], predictors: readonly EffectPredictor[], test: DSVRowString[], seed: number) {
  const { columns } = trials[0]
  const blocks = Array.from({ length: Math.ceil(test.length / BLOCK) }, (_, index) =>
    test.slice(index * BLOCK, (index + 1) * BLOCK),
  )
  return blocks.flatMap((block, index) => {
    const modifiers = Float64Array.from(
      block.flatMap((row) => columns.map(({ name, centre, scale }) => (Number(row[name]) - centre) / scale)),
    )
    const pooled = poolingMethod.pool(
      trials.map(({ study, outcome }, trial) => ({
        study,
        patientCount: outcome.length,
        draws: predictors[trial].predict(modifiers, block.length, stream(seed, 'ite', study, index)),
      })),
      poolingMethod.parseOptions({}),
      {
        people: block.map((_, person) => `${person + 1}`),
        chainCount: CHAINS,
        drawCount: DRAWS,
        streamFor: (chain) => stream(seed, 'ite pooling', chain),
      },
    )
    const [average, newSetting] = ['mu', 'theta_new'].map((name) => moments(variable(pooled, name).values, block.length))
    return block.map((_, person) => ({ mean: average[person].mean, sd: newSetting[person].sd }))
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
