/** M3m: the meta-analysis of M3 with the trials' own coefficients integrated out, b_j ~ N(mu, S_j + T): our own pooling method. */
import { hierarchicalModel } from '../../../models/pooling/hierarchical.js'
import { condition } from '../../../src/language/condition.js'
import type { BenchmarkCase } from '../benchmark-case.js'
import { COEFFICIENT_COUNT, simulateTrials, TRIAL_COUNT } from '../simulated-trials.js'

const HETEROGENEITY_SCALE = 0.5

const labels = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`)

export const benchmarkCase: BenchmarkCase = {
  title: 'the same, trials integrated out',
  condition: () =>
    condition(
      hierarchicalModel({
        heterogeneity: 'unstructured',
        meanScale: 10,
        heterogeneityScale: HETEROGENEITY_SCALE,
        correlationConcentration: 2,
      }),
      {
        ...simulateTrials(),
        study: { name: 'study', labels: labels(TRIAL_COUNT) },
        coefficient: { name: 'coefficient', labels: labels(COEFFICIENT_COUNT) },
      },
    ),
  peer: {
    program: 'hierarchical-marginal',
    data: () => ({
      trialCount: TRIAL_COUNT,
      coefficientCount: COEFFICIENT_COUNT,
      heterogeneityScale: HETEROGENEITY_SCALE,
      ...simulateTrials(),
    }),
    chain: { warmup: 500, draws: 1000, maximumTreeDepth: 10 },
  },
  sampling: { monitored: ['mu', 'tau', 'correlationFactor'], targetAcceptance: 0.8 },
}
