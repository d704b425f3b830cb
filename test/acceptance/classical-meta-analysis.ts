/** Classical meta-analyses of one effect per trial in the words of the reference: `FE`, `DL`, `REML`, `ML`, `PM`. */
import { median } from 'd3-array'
import { leastSquares } from '../../src/numeric/multivariate-meta-analysis/least-squares.js'
import { pauleMandel } from '../../src/numeric/multivariate-meta-analysis/moments.js'
import { multivariateMetaAnalysis } from '../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { Estimator } from '../../src/numeric/multivariate-meta-analysis/options.js'
import { readInput } from '../../src/numeric/multivariate-meta-analysis/read-input.js'

export interface UnivariateData {
  readonly yi: readonly number[]
  readonly vi: readonly number[]
}

const estimators: Readonly<Record<string, Estimator>> = { FE: 'fixed', DL: 'moments', REML: 'reml', ML: 'ml' }

export function classicalResults(data: UnivariateData) {
  const input = { estimates: data.yi.map((effect) => [effect]), covariances: data.vi.map((variance) => [variance]) }
  const results = Object.entries(estimators).map(([name, estimator]) => {
    const { coefficients, covariance, betweenTrialCovariance, heterogeneity, logLikelihood } = multivariateMetaAnalysis({
      ...input,
      options: { estimator },
    })
    const I2 = 100 * heterogeneity.byCoefficient[0].iSquared
    const Q = heterogeneity.q.statistic
    return [
      name,
      { mu: coefficients[0], se: Math.sqrt(covariance[0]), tau2: betweenTrialCovariance[0], Q, I2, logLik: logLikelihood },
    ]
  })
  return { ...Object.fromEntries(results), PM: pauleMandelAsReference(data, input) }
}

/**
 * The reference stops the search for its root at a tolerance of eps^(1/4) on [0, max(100, 10 mad^2)], which leaves it up to 8e-5 (relative) from the root, more than the comparison
 * allows for. So the same search, by the same algorithm and to the same tolerance, is compared; that our full-precision root is the root, and equals the reference's
 * empirical Bayes estimate, which has the same definition, is tested in test/unit/numeric/multivariate-meta-analysis.
 */
function pauleMandelAsReference({ yi }: UnivariateData, input: Parameters<typeof readInput>[0]) {
  const problem = readInput(input, 'refuse')
  const centre = median(yi) ?? 0
  const mad = 1.4826 * (median(yi, (effect) => Math.abs(effect - centre)) ?? 0)
  const search = { upper: Math.max(100, 10 * mad * mad), tolerance: Number.EPSILON ** 0.25 }
  const between = pauleMandel(problem, 'identity', search)
  const fit = between && leastSquares(problem, between)
  if (!fit) throw new Error('the common-effect fit is singular')
  const { heterogeneity } = multivariateMetaAnalysis({ ...input, options: { estimator: 'paule-mandel' } })
  const { q, byCoefficient } = heterogeneity
  const I2 = (100 * between[0]) / (between[0] + byCoefficient[0].typicalVariance)
  const se = Math.sqrt(fit.covariance[0])
  return { mu: fit.coefficients[0], se, tau2: between[0], Q: q.statistic, I2, logLik: fit.logLikelihood }
}
