/**
 * The posteriors of the suite posteriordb by every approximation: `<algorithm>/posteriordb/<posterior>.json`, so that compare.mjs takes the folder of one algorithm
 * at a time. `is_flagged` says that the approximation's own diagnosis failed.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Check } from '../../../diagnostics/convergence/check.js'
import type { Fit } from '../../../src/contract/analysis.js'
import type { Prior } from '../../../src/contract/distribution.js'
import type { Model } from '../../../src/contract/model.js'
import { type ApproximateSettings, approximate } from '../../../src/fitting/approximate.js'
import { names, readJson } from '../kit.js'
import { type ParameterSummary, parameterSummaries } from '../parameter-summary.js'
import type { Suite, SuiteContext } from '../suite.js'
import { modelPath } from './posteriordb.js'

type AnyModel = Model<unknown, Record<string, Prior>>
type ModelModule = { default: (data: unknown) => AnyModel | { readonly model: AnyModel; readonly data: unknown } }

export const approximations: readonly ApproximateSettings['algorithm'][] = ['laplace', 'mean-field', 'full-rank', 'pathfinder']

export const suite: Suite = {
  name: 'posteriordb-approximate',
  async run(context) {
    const folder = join(context.kit, 'posteriordb')
    for (const file of names(folder, /\.data\.json$/)) {
      const posterior = file.replace(/\.data\.json$/, '')
      for (const algorithm of approximations)
        await context.attempt(`${posterior} ${algorithm}`, () => runPosterior(posterior, folder, algorithm, context))
    }
  },
}

async function runPosterior(
  posterior: string,
  folder: string,
  algorithm: ApproximateSettings['algorithm'],
  { models, settings, write }: SuiteContext,
): Promise<string> {
  const path = modelPath(posterior, models)
  if (!path) return `no model module for "${posterior}", skipped`
  const json = readJson(join(folder, `${posterior}.data.json`))
  const made = ((await import(pathToFileURL(path).href)) as ModelModule).default(json)
  const { model, data } = 'logLikelihood' in made ? { model: made, data: json } : made
  const fit = await approximate(model, data, {
    algorithm,
    ...settings,
    purpose: posterior,
  })
  const parameters = parameterSummaries(
    fit.draws,
    fit.draws.variables.map(({ name }) => name),
  )
  const isFlagged = fit.diagnosis.status === 'failed'
  write(`${algorithm}/posteriordb/${posterior}.json`, { parameters, approx: true, is_flagged: isFlagged, total_s: fit.seconds })
  const reference = readJson<{ parameters: Record<string, ParameterSummary> }>(join(folder, `${posterior}.ref.json`)).parameters
  return [
    `${worst(parameters, reference, meanError).toFixed(3)} SD largest error of a mean`,
    `${worst(parameters, reference, sdError).toFixed(3)} of an SD`,
    `k-hat ${check(fit, 'pareto-k').toFixed(2)}`,
    `ESS ${check(fit, 'ess-importance').toFixed(0)}`,
    `${fit.gradientCount} gradients`,
    ...(isFlagged ? ['flagged'] : []),
  ].join(', ')
}

type ErrorMeasure = (ours: ParameterSummary, reference: ParameterSummary) => number

const meanError: ErrorMeasure = (ours, reference) => Math.abs(ours.mean - reference.mean) / reference.sd
const sdError: ErrorMeasure = (ours, reference) => Math.abs(ours.sd / reference.sd - 1)

function worst(
  ours: Record<string, ParameterSummary>,
  reference: Record<string, ParameterSummary>,
  measure: ErrorMeasure,
): number {
  return Math.max(
    ...Object.keys(reference).flatMap((name) =>
      ours[name] && reference[name].sd > 0 ? [measure(ours[name], reference[name])] : [],
    ),
  )
}

function check(fit: Fit, name: string): number {
  return fit.diagnosis.checks.find((candidate: Check) => candidate.name === name)?.worst?.value ?? Number.NaN
}
