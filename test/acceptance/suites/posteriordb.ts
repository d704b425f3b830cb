/**
 * Posteriors of posteriordb (Magnusson et al. 2024, arXiv 2407.04967): `posteriordb/<data>-<model>.data.json` of the kit, sampled with the
 * module `<data>-<model>.ts` or `<model>.ts` of the folder of models given, or of `posteriordb/` beside this one.
 *
 * A module's default export takes the data of the JSON file and returns a model, or `{ model, data }` when it prepares the data first.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Prior } from '../../../src/contract/distribution.js'
import type { Model } from '../../../src/contract/model.js'
import { fit as fitModel } from '../../../src/fitting/fit.js'
import { names, readJson } from '../kit.js'
import { leastEssBulk, parameterSummaries } from '../parameter-summary.js'
import type { Suite, SuiteContext } from '../suite.js'

type AnyModel = Model<unknown, Record<string, Prior>>
type ModelModule = { default: (data: unknown) => AnyModel | { readonly model: AnyModel; readonly data: unknown } }

const OWN_MODELS = fileURLToPath(new URL('../posteriordb', import.meta.url))

export const suite: Suite = {
  name: 'posteriordb',
  async run(context) {
    const folder = join(context.kit, 'posteriordb')
    for (const file of names(folder, /\.data\.json$/)) {
      const posterior = file.replace(/\.data\.json$/, '')
      await context.attempt(posterior, () => runPosterior(posterior, readJson(join(folder, file)), context))
    }
  },
}

async function runPosterior(posterior: string, json: unknown, { models, settings, write }: SuiteContext): Promise<string> {
  const path = modelPath(posterior, models)
  if (!path) return `no model module for "${posterior}", skipped`
  const made = ((await import(pathToFileURL(path).href)) as ModelModule).default(json)
  const { model, data } = 'logLikelihood' in made ? { model: made, data: json } : made
  const { draws, seconds } = await fitModel(model, data, { ...settings, purpose: posterior })
  const parameters = parameterSummaries(
    draws,
    draws.variables.map(({ name }) => name),
  )
  const least = leastEssBulk(parameters)
  write(`posteriordb/${posterior}.json`, { parameters, total_s: seconds, min_ess_bulk: least })
  return `${seconds.toFixed(1)} s, least bulk ESS ${least?.toFixed(0)}`
}

/** The whole name first, then the part after the first dash, which is the model; folders in order of preference. */
export function modelPath(posterior: string, models?: string): string | undefined {
  const modelName = posterior.slice(posterior.indexOf('-') + 1)
  const folders = models === undefined ? [OWN_MODELS] : [models, OWN_MODELS]
  const candidates = folders.flatMap((folder) =>
    [posterior, modelName].flatMap((name) =>
      ['.ts', '.mts', '.js', '.mjs'].map((extension) => join(folder, `${name}${extension}`)),
    ),
  )
  return candidates.find((candidate) => existsSync(candidate))
}
