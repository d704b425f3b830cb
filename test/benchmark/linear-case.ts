/**
 * Linear regression over the full data, y_i ~ N(alpha + beta' x_i, sigma^2), against Stan's `normal_id_glm`, whose gradient is written by
 * hand.
 */
import * as tf from '@tensorflow/tfjs'
import { halfNormal, model, normal, normalLogProbability } from '../../src/index.js'
import { condition } from '../../src/language/condition.js'
import type { BenchmarkCase } from './benchmark-case.js'
import { once } from './once.js'
import { linearMean, type SimulatedRegression, simulateRegression } from './simulated-regression.js'

export const SLOPE_COUNT = 20

export const simulateLinear = once<SimulatedRegression, number>((patientCount) => {
  const slopes = Array.from({ length: SLOPE_COUNT }, (_, k) => (k % 2 === 0 ? 0.5 : -0.25) / (1 + k / 5))
  return simulateRegression({
    name: 'linear',
    patientCount,
    covariateCount: SLOPE_COUNT,
    noise: 0.7,
    mean: linearMean(slopes),
  })
})

const linear = model({
  name: 'linear',
  parameters: (_data: SimulatedRegression) => ({
    alpha: normal(0, 10),
    beta: normal(0, 2.5, { shape: [SLOPE_COUNT] }),
    sigma: halfNormal(2.5),
  }),
  logLikelihood: ({ alpha, beta, sigma }, { y, x }) => normalLogProbability(y, tf.add(alpha, tf.dot(x, beta)), sigma),
})

export interface LinearCaseOptions {
  readonly title: string
  readonly patientCount: number
  readonly isSampled: boolean
}

export function linearCase({ title, patientCount, isSampled }: LinearCaseOptions): BenchmarkCase {
  return {
    title,
    condition: () => condition(linear, simulateLinear(patientCount)),
    peer: {
      program: 'linear',
      data: () => ({ n: patientCount, p: SLOPE_COUNT, ...simulateLinear(patientCount) }),
      chain: isSampled ? { warmup: 500, draws: 4000, maximumTreeDepth: 10 } : { warmup: 100, draws: 100, maximumTreeDepth: 10 },
    },
    ...(isSampled ? { sampling: { monitored: ['alpha', 'beta', 'sigma'], targetAcceptance: 0.8 } } : {}),
  }
}
