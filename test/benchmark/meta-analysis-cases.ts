/** The multivariate meta-analyses of the acceptance kit as benchmark cases: trials integrated out, b_j ~ N(mu, S_j + T), priors of the kit. */
import { hierarchicalData, hierarchicalModel } from '../../models/pooling/hierarchical.js'
import { condition } from '../../src/language/condition.js'
import { trialEstimateByLeastSquares } from '../../src/numeric/trial-regression.js'
import { caseTrials } from '../acceptance/case-trials.js'
import { casesWith } from '../acceptance/kit.js'
import type { BenchmarkCase } from './benchmark-case.js'

const HETEROGENEITY_SCALE = 1
/** As in the kit's own runs. */
const TARGET_ACCEPTANCE = 0.95

export const metaAnalysisNames = (kit: string): string[] => casesWith(kit, 'stan_mvma_noncentered.json')

export function metaAnalysisCase(name: string, kit: string): BenchmarkCase {
  const data = hierarchicalData(caseTrials(kit, name).map(trialEstimateByLeastSquares))
  const [trialCount, coefficientCount] = data.estimate.shape
  const model = hierarchicalModel({
    heterogeneity: 'unstructured',
    meanScale: 10,
    heterogeneityScale: HETEROGENEITY_SCALE,
    correlationConcentration: 2,
  })
  return {
    title: `meta-analysis, ${trialCount} x ${coefficientCount}, trials integrated out`,
    condition: () => condition(model, data),
    peer: {
      program: 'hierarchical-marginal',
      data: () => ({
        trialCount,
        coefficientCount,
        heterogeneityScale: HETEROGENEITY_SCALE,
        estimate: data.estimate,
        covariance: data.covariance,
      }),
      chain: { warmup: 500, draws: 1000, maximumTreeDepth: 10 },
    },
    sampling: { monitored: ['mu', 'tau', 'correlationFactor'], targetAcceptance: TARGET_ACCEPTANCE },
  }
}
