/**
 * Bayesian multivariate meta-analysis of the least-squares coefficients of each case: `mvma/<case>.json`. mu ~ N(0, 10^2),
 * tau ~ half-N(0, 1), Omega ~ LKJ(2).
 */
import { sum } from 'd3-array'
import { poolingMethod } from '../../../models/pooling/hierarchical.js'
import { variable } from '../../../src/draws/variable.js'
import { fit as fitModel } from '../../../src/fitting/fit.js'
import { trialEstimateByLeastSquares } from '../../../src/numeric/trial-regression.js'
import { caseTrials } from '../case-trials.js'
import { casesWith } from '../kit.js'
import { leastEssBulk, parameterSummaries } from '../parameter-summary.js'
import type { Suite, SuiteContext } from '../suite.js'

/** As in the reference runs: tau near 0 makes steep corners, in which the default of 0.8 leaves some divergences. */
const TARGET_ACCEPTANCE = 0.95
const OPTIONS = { heterogeneity: 'unstructured', meanScale: 10, heterogeneityScale: 1, correlationConcentration: 2 }

export const suite: Suite = {
  name: 'mvma',
  async run(context) {
    for (const name of casesWith(context.kit, 'stan_mvma_noncentered.json'))
      await context.attempt(name, () => runCase(name, context))
  },
}

async function runCase(name: string, { kit, settings, write }: SuiteContext): Promise<string> {
  const estimates = caseTrials(kit, name).map(trialEstimateByLeastSquares)
  const { model, data } = poolingMethod.condition(estimates, poolingMethod.parseOptions(OPTIONS))
  const { draws, seconds, sampler } = await fitModel(model, data, {
    ...settings,
    purpose: `mvma ${name}`,
    targetAcceptance: TARGET_ACCEPTANCE,
  })
  const variables = ['mu', 'tau', 'Omega', 'theta', 'theta_new']
  const parameters = parameterSummaries(poolingMethod.pooledDraws(draws), variables, isReported)
  const least = leastEssBulk(parameters)
  write(`mvma/${name}.json`, { parameters, total_s: seconds, min_ess_bulk: least })
  return `${seconds.toFixed(1)} s, least bulk ESS ${least?.toFixed(0)}, ${sum(variable(sampler, 'divergent').values)} divergences`
}

/** Correlations above the diagonal only. */
function isReported(name: string): boolean {
  const indices = /^Omega\[(\d+),(\d+)\]$/.exec(name)
  return indices === null || Number(indices[1]) < Number(indices[2])
}
