/**
 * Meta-analysis of one effect per trial: `meta_univariate.json`. The classical estimators, and for `bayes`, against quadrature, the hierarchical pooling
 * method with a single coefficient; mu ~ N(0, 10^2), tau ~ half-N(0, 1).
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { poolingMethod } from '../../../models/pooling/hierarchical.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { fit as fitModel } from '../../../src/fitting/fit.js'
import { classicalResults, type UnivariateData } from '../classical-meta-analysis.js'
import { readJson } from '../kit.js'
import { parameterSummaries } from '../parameter-summary.js'
import type { SamplerSettings, Suite } from '../suite.js'

const OPTIONS = { heterogeneity: 'diagonal', meanScale: 10, heterogeneityScale: 1 }

export const suite: Suite = {
  name: 'meta_univariate',
  async run({ kit, settings, write, attempt }) {
    const path = join(kit, 'meta_reference', 'univariate.json')
    if (!existsSync(path)) return
    const { univariate } = readJson<{ univariate: Record<string, UnivariateData> }>(path)
    const results: Record<string, unknown> = {}
    for (const [name, dataSet] of Object.entries(univariate))
      await attempt(name, async () => {
        results[name] = { ...classicalResults(dataSet), bayes: await bayes(name, dataSet, settings) }
        return `${dataSet.yi.length} trials`
      })
    write('meta_univariate.json', results)
  },
}

async function bayes(name: string, { yi, vi }: UnivariateData, settings: SamplerSettings) {
  const estimates = yi.map(
    (effect, index): TrialEstimate => ({
      study: `${index + 1}`,
      patientCount: 1,
      coefficientNames: ['treatment'],
      estimate: Float64Array.of(effect),
      covariance: Float64Array.of(vi[index]),
    }),
  )
  const { model, data } = poolingMethod.condition(estimates, poolingMethod.parseOptions(OPTIONS))
  const { draws } = await fitModel(model, data, { ...settings, purpose: `meta_univariate ${name}` })
  const { 'mu[1]': mu, 'tau[1]': tau } = parameterSummaries(draws, ['mu', 'tau'])
  return { mu_mean: mu.mean, mu_sd: mu.sd, tau_mean: tau.mean, tau_sd: tau.sd, mcse_mu: mu.mcse_mean, mcse_tau: tau.mcse_mean }
}
