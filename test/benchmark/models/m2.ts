/**
 * M2: regularised horseshoe, 500 patients, 20 slopes, non-centred (Piironen and Vehtari 2017, 10.1214/17-EJS1337SI):
 *
 *     beta_k = tau l_k z_k,   l_k^2 = c^2 lambda_k^2 / (c^2 + tau^2 lambda_k^2),   lambda_k ~ C+(0, 1),   tau ~ C+(0, tau_0 sigma),
 *     c^2 ~ InverseGamma(2, 8)
 */
import * as tf from '@tensorflow/tfjs'
import { halfCauchy, halfNormal, inverseGamma, model, normal, normalLogProbability } from '../../../src/index.js'
import { condition } from '../../../src/language/condition.js'
import type { BenchmarkCase } from '../benchmark-case.js'
import { once } from '../once.js'
import { linearMean, type SimulatedRegression, simulateRegression } from '../simulated-regression.js'

const PATIENT_COUNT = 500
const SLOPE_COUNT = 20
const EXPECTED_NONZERO = 3
/** tau_0 in units of the residual standard deviation. */
const GLOBAL_SCALE = EXPECTED_NONZERO / (SLOPE_COUNT - EXPECTED_NONZERO) / Math.sqrt(PATIENT_COUNT)

const simulate = once<SimulatedRegression>(() => {
  const slopes = Array.from({ length: SLOPE_COUNT }, (_, k) => [1, 0.5, -0.3][k] ?? 0)
  return simulateRegression({
    name: 'horseshoe',
    patientCount: PATIENT_COUNT,
    covariateCount: SLOPE_COUNT,
    noise: 0.7,
    mean: linearMean(slopes),
  })
})

const horseshoe = model({
  name: 'regularised horseshoe',
  parameters: (_data: SimulatedRegression) => ({
    alpha: normal(0, 10),
    sigma: halfNormal(2.5),
    tau: halfCauchy(0, ({ sigma }) => tf.mul(sigma, GLOBAL_SCALE)),
    slabVariance: inverseGamma(2, 8),
    lambda: halfCauchy(0, 1, { shape: [SLOPE_COUNT] }),
    beta: normal(
      0,
      ({ tau, slabVariance, lambda }) => {
        const squared = tf.square(tf.mul(tau, lambda))
        return tf.sqrt(tf.div(tf.mul(slabVariance, squared), tf.add(slabVariance, squared)))
      },
      { shape: [SLOPE_COUNT], nonCentered: true },
    ),
  }),
  logLikelihood: ({ alpha, beta, sigma }, { y, x }) => normalLogProbability(y, tf.add(alpha, tf.dot(x, beta)), sigma),
})

export const benchmarkCase: BenchmarkCase = {
  title: 'regularised horseshoe, n = 500',
  condition: () => condition(horseshoe, simulate()),
  peer: {
    program: 'horseshoe',
    data: () => ({ n: PATIENT_COUNT, p: SLOPE_COUNT, globalScale: GLOBAL_SCALE, ...simulate() }),
    chain: { warmup: 500, draws: 1000, maximumTreeDepth: 10 },
  },
  sampling: { monitored: ['alpha', 'sigma', 'tau', 'slabVariance', 'lambda', 'beta'], targetAcceptance: 0.95 },
}
