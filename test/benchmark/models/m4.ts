/**
 * M4: Bayesian neural network 11-32-1, 500 patients:
 *
 *     y_i ~ N(c + v' tanh(W x_i + b), sigma^2),   W ~ N(0, s_1^2 / 11),   b ~ N(0, 1),   v ~ N(0, s_2^2 / 32),   s ~ half-N(1)
 */
import * as tf from '@tensorflow/tfjs'
import { halfNormal, model, normal, normalLogProbability } from '../../../src/index.js'
import { condition } from '../../../src/language/condition.js'
import type { BenchmarkCase } from '../benchmark-case.js'
import { once } from '../once.js'
import { friedmanMean, type SimulatedRegression, simulateRegression } from '../simulated-regression.js'

const PATIENT_COUNT = 500
const COVARIATE_COUNT = 11
const UNIT_COUNT = 32

const simulate = once<SimulatedRegression>(() =>
  simulateRegression({
    name: 'network',
    patientCount: PATIENT_COUNT,
    covariateCount: COVARIATE_COUNT,
    noise: 0.5,
    mean: friedmanMean,
  }),
)

const network = model({
  name: 'neural network',
  parameters: (_data: SimulatedRegression) => ({
    inputScale: halfNormal(1),
    outputScale: halfNormal(1),
    sigma: halfNormal(1),
    weights: normal(0, ({ inputScale }) => tf.div(inputScale, Math.sqrt(COVARIATE_COUNT)), {
      shape: [UNIT_COUNT, COVARIATE_COUNT],
      nonCentered: true,
    }),
    biases: normal(0, 1, { shape: [UNIT_COUNT] }),
    outputWeights: normal(0, ({ outputScale }) => tf.div(outputScale, Math.sqrt(UNIT_COUNT)), {
      shape: [UNIT_COUNT],
      nonCentered: true,
    }),
    outputBias: normal(0, 5),
  }),
  logLikelihood: ({ sigma, weights, biases, outputWeights, outputBias }, { y, x }) => {
    const hidden = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D, false, true), biases))
    return normalLogProbability(y, tf.add(tf.dot(hidden, outputWeights), outputBias), sigma)
  },
})

export const benchmarkCase: BenchmarkCase = {
  title: 'neural network 11-32-1, n = 500',
  condition: () => condition(network, simulate()),
  peer: {
    program: 'neural-network',
    data: () => ({ n: PATIENT_COUNT, p: COVARIATE_COUNT, units: UNIT_COUNT, ...simulate() }),
    chain: { warmup: 100, draws: 50, maximumTreeDepth: 6 },
  },
}
