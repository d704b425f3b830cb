/**
 * Frequentist multivariate meta-analysis: `meta_multivariate.json`. The published data sets of the kit, and the least-squares coefficients of each case (`ols:<case>`), with
 * an unstructured between-trial covariance.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type MultivariateMetaAnalysis,
  multivariateMetaAnalysis,
} from '../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { MetaAnalysisInput } from '../../../src/numeric/multivariate-meta-analysis/read-input.js'
import { trialEstimateByLeastSquares } from '../../../src/numeric/trial-regression.js'
import { caseTrials } from '../case-trials.js'
import { casesWith, readJson } from '../kit.js'
import type { Suite } from '../suite.js'

interface DataSet {
  readonly Y: readonly (readonly number[])[]
  readonly S: Readonly<Record<string, readonly (readonly number[])[]>>
}

export const suite: Suite = {
  name: 'meta_multivariate',
  async run({ kit, write, attempt }) {
    const results: Record<string, unknown> = {}
    const path = join(kit, 'meta_reference', 'multivariate.json')
    const dataSets = existsSync(path) ? readJson<{ multivariate: Record<string, DataSet> }>(path).multivariate : {}
    for (const [name, { Y, S }] of Object.entries(dataSets))
      await attempt(name, () => {
        results[name] = allFits({ estimates: Y, covariances: Object.values(S).map((rows) => rows.flat()) })
        return `${Y.length} trials`
      })
    for (const name of casesWith(kit, 'ols_mixmeta.json'))
      await attempt(`ols:${name}`, () => {
        const trials = caseTrials(kit, name).map(trialEstimateByLeastSquares)
        const estimates = trials.map(({ estimate }) => estimate)
        results[`ols:${name}`] = allFits({ estimates, covariances: trials.map(({ covariance }) => covariance) })
        return `${trials.length} trials`
      })
    write('meta_multivariate.json', results)
  },
}

function allFits(input: MetaAnalysisInput) {
  const fits = (['reml', 'ml', 'fixed'] as const).map((estimator) => {
    const fit = multivariateMetaAnalysis({ ...input, options: { estimator, structure: 'unstructured' } })
    if (!fit.isConverged) throw new Error(`${estimator} did not converge`)
    return [estimator, fit] as const
  })
  const common = fits[2][1].coefficients
  return Object.fromEntries(fits.map(([estimator, fit]) => [estimator, asReference(fit, input, common)]))
}

/** The reference measures Q of a coefficient at the mean of the multivariate common-effect fit, not at that of the coefficient alone. */
function asReference(fit: MultivariateMetaAnalysis, { estimates, covariances }: MetaAnalysisInput, common: Float64Array) {
  const size = common.length
  const rows = (matrix: Float64Array) => Array.from({ length: size }, (_, row) => [...matrix.slice(row * size, (row + 1) * size)])
  const ownQ = Array.from(common, (mean, i) =>
    estimates.reduce((sum, estimate, trial) => sum + (estimate[i] - mean) ** 2 / covariances[trial][i * (size + 1)], 0),
  )
  return {
    coef: [...fit.coefficients],
    vcov: rows(fit.covariance),
    Psi: rows(fit.betweenTrialCovariance),
    logLik: fit.logLikelihood,
    Q: [fit.heterogeneity.q.statistic, ...ownQ],
  }
}
