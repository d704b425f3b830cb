/**
 * Leave-one-out cross-validation and model weights from `diagnostics/loglik_<model>.csv.gz` (draws in rows, chain after chain,
 * observations in columns): `loo.json`. `loo_expected.json` says how many chains each has and which models are weighted together.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { LogLikelihoodDraws } from '../../../diagnostics/predictive/log-likelihood.js'
import { type Loo, loo } from '../../../diagnostics/predictive/loo.js'
import { pseudoBmaWeights } from '../../../diagnostics/predictive/pseudo-bma-weights.js'
import { stackingWeights } from '../../../diagnostics/predictive/stacking-weights.js'
import { waic } from '../../../diagnostics/predictive/waic.js'
import { readJson } from '../kit.js'
import type { Suite } from '../suite.js'

interface LooCases {
  readonly models: Readonly<Record<string, { readonly chains: number }>>
  readonly weights: Readonly<Record<string, { readonly models: readonly string[] }>>
}

/** @param chainCount chains of equal length, one after another in the rows */
export function readLogLikelihood(path: string, chainCount: number): LogLikelihoodDraws {
  const text = gunzipSync(readFileSync(path)).toString('utf8').trim()
  const rows = text.split(/\r?\n/).map((line) => line.split(',').map(Number))
  return { values: Float64Array.from(rows.flat()), chainCount, observationCount: rows[0].length }
}

export const suite: Suite = {
  name: 'loo',
  async run({ kit, write, attempt }) {
    const folder = join(kit, 'diagnostics')
    if (!existsSync(join(folder, 'loo_expected.json'))) return
    await attempt('all', () => {
      const cases = readJson<LooCases>(join(folder, 'loo_expected.json'))
      const draws = Object.entries(cases.models).map(
        ([name, { chains }]) => [name, readLogLikelihood(join(folder, `loglik_${name}.csv.gz`), chains)] as const,
      )
      const results = Object.fromEntries(draws.map(([name, logLikelihood]) => [name, loo(logLikelihood)]))
      const models = Object.fromEntries(draws.map(([name, values]) => [name, modelValues(results[name], values)]))
      const weights = Object.fromEntries(
        Object.entries(cases.weights).map(([name, set]) => [name, allWeights(set.models.map((model) => results[model]))]),
      )
      write('loo.json', { models, weights })
      return `${draws.length} models`
    })
  },
}

function modelValues({ pointwise, elpd, effectiveParameters }: Loo, logLikelihood: LogLikelihoodDraws) {
  const criterion = waic(logLikelihood)
  return {
    elpd_loo: elpd.estimate,
    se_elpd_loo: elpd.standardError,
    p_loo: effectiveParameters.estimate,
    pareto_k: [...pointwise.k],
    pointwise_elpd: [...pointwise.elpd],
    elpd_waic: criterion.elpd.estimate,
    p_waic: criterion.effectiveParameters.estimate,
  }
}

function allWeights(results: readonly Loo[]) {
  const elpd = results.map(({ pointwise }) => pointwise.elpd)
  return { stacking: [...stackingWeights(elpd).weights], pseudobma: [...pseudoBmaWeights(elpd)] }
}
