/**
 * M3: hierarchical multivariate meta-analysis of 11 coefficients from 10 trials with an LKJ prior, non-centred:
 *
 *     b_j ~ N(theta_j, S_j),   theta_j = mu + diag(tau) L z_j,   z_j ~ N(0, I),   L L' ~ LKJ(2)
 *
 * The known S_j enter through W_j with W_j' W_j = S_j^-1, here and in the Stan program.
 */
import * as tf from '@tensorflow/tfjs'
import { halfNormal, lkjCholesky, model, normal } from '../../../src/index.js'
import { condition } from '../../../src/language/condition.js'
import type { BenchmarkCase } from '../benchmark-case.js'
import { COEFFICIENT_COUNT, type SimulatedTrials, simulateTrials, TRIAL_COUNT } from '../simulated-trials.js'

const hierarchical = model({
  name: 'hierarchical, non-centred',
  parameters: (_data: SimulatedTrials) => ({
    mu: normal(0, 10, { shape: [COEFFICIENT_COUNT] }),
    tau: halfNormal(0.5, { shape: [COEFFICIENT_COUNT] }),
    factor: lkjCholesky(2, { shape: [COEFFICIENT_COUNT, COEFFICIENT_COUNT] }),
    z: normal(0, 1, { shape: [TRIAL_COUNT, COEFFICIENT_COUNT] }),
  }),
  logLikelihood: ({ mu, tau, factor, z }, { estimate, whitening }) => {
    const theta = tf.add(mu, tf.mul(tau, tf.matMul(z, factor, false, true)))
    const white = tf.matMul(whitening, tf.expandDims(tf.sub(estimate, theta), 2))
    return tf.mul(tf.sum(tf.square(white), [1, 2]), -0.5)
  },
})

export const benchmarkCase: BenchmarkCase = {
  title: 'hierarchical meta-analysis, 10 x 11, non-centred',
  condition: () => condition(hierarchical, simulateTrials()),
  peer: {
    program: 'hierarchical',
    data: () => ({ trialCount: TRIAL_COUNT, coefficientCount: COEFFICIENT_COUNT, ...simulateTrials() }),
    chain: { warmup: 500, draws: 1000, maximumTreeDepth: 10 },
  },
  sampling: { monitored: ['mu', 'tau', 'factor', 'z'], targetAcceptance: 0.8 },
}
