/** Our hierarchical second stage, unstructured with trials integrated out, on simulated trials, and the same density in Stan. */
import { hierarchicalModel } from '../../models/pooling/hierarchical.js'
import { condition } from '../../src/language/condition.js'
import type { BenchmarkCase } from './benchmark-case.js'
import { once } from './once.js'
import { trialsOfSize } from './simulated-trials.js'

const HETEROGENEITY_SCALE = 0.5
/** The default of the method, for both: between-trial standard deviations near 0 make corners where 0.8 diverges. */
const TARGET_ACCEPTANCE = 0.95

const labels = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`)

export function poolingCase(trialCount: number, coefficientCount: number): BenchmarkCase {
  const trials = once(() => trialsOfSize(trialCount, coefficientCount))
  const model = hierarchicalModel({
    heterogeneity: 'unstructured',
    meanScale: 10,
    heterogeneityScale: HETEROGENEITY_SCALE,
    correlationConcentration: 2,
  })
  return {
    title: `hierarchical second stage, ${trialCount} trials, ${coefficientCount} coefficients`,
    condition: () =>
      condition(model, {
        ...trials(),
        study: { name: 'study', labels: labels(trialCount) },
        coefficient: { name: 'coefficient', labels: labels(coefficientCount) },
      }),
    peer: {
      program: 'hierarchical-marginal',
      data: () => ({ trialCount, coefficientCount, heterogeneityScale: HETEROGENEITY_SCALE, ...trials() }),
      chain: { warmup: 500, draws: 1000, maximumTreeDepth: 10 },
    },
    sampling: { monitored: ['mu', 'tau', 'correlationFactor'], targetAcceptance: TARGET_ACCEPTANCE },
  }
}
