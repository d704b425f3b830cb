/**
 * M5: sum of 20 soft trees of depth 3, 500 patients (after Linero and Yang 2018, 10.1111/rssb.12293). Decision b of tree t goes right with
 * probability logistic((softmax(s_tb)' x_i - c_tb) / h); a patient's mean is the sum over trees of the leaves weighted by the probability of
 * reaching them.
 *
 * Decisions are ordered by level, then by node, then by tree. The children of node k on level d are nodes k and k + 2^d of the next.
 */
import * as tf from '@tensorflow/tfjs'
import { exponential, halfNormal, model, normal, normalLogProbability } from '../../../src/index.js'
import { condition } from '../../../src/language/condition.js'
import type { BenchmarkCase } from '../benchmark-case.js'
import { once } from '../once.js'
import { friedmanMean, type SimulatedRegression, simulateRegression } from '../simulated-regression.js'

const PATIENT_COUNT = 500
const COVARIATE_COUNT = 11
const TREE_COUNT = 20
const DEPTH = 3
const DECISION_COUNT = TREE_COUNT * (2 ** DEPTH - 1)
const LEAF_COUNT = TREE_COUNT * 2 ** DEPTH

const simulate = once<SimulatedRegression>(() =>
  simulateRegression({
    name: 'trees',
    patientCount: PATIENT_COUNT,
    covariateCount: COVARIATE_COUNT,
    noise: 0.5,
    mean: friedmanMean,
  }),
)

/** Probability of reaching each leaf, `[patient, leaf]`, from that of going right, `[patient, decision]`. */
function leafProbabilities(right: tf.Tensor): tf.Tensor {
  let reached: tf.Tensor = tf.ones([PATIENT_COUNT, TREE_COUNT])
  for (let level = 0; level < DEPTH; level++) {
    const gates = tf.slice(right, [0, TREE_COUNT * (2 ** level - 1)], [PATIENT_COUNT, TREE_COUNT * 2 ** level])
    const goesRight = tf.mul(reached, gates)
    reached = tf.concat([tf.sub(reached, goesRight), goesRight], 1)
  }
  return reached
}

const softTrees = model({
  name: 'soft trees',
  parameters: (_data: SimulatedRegression) => ({
    leafScale: halfNormal(1),
    bandwidth: exponential(2),
    sigma: halfNormal(1),
    featureLogits: normal(0, 1, { shape: [DECISION_COUNT, COVARIATE_COUNT] }),
    cuts: normal(0, 1, { shape: [DECISION_COUNT] }),
    leaves: normal(0, ({ leafScale }) => tf.div(leafScale, Math.sqrt(TREE_COUNT)), {
      shape: [LEAF_COUNT],
      nonCentered: true,
    }),
  }),
  logLikelihood: ({ sigma, bandwidth, featureLogits, cuts, leaves }, { y, x }) => {
    const split = tf.matMul(x as tf.Tensor2D, tf.softmax(featureLogits) as tf.Tensor2D, false, true)
    const right = tf.sigmoid(tf.div(tf.sub(split, cuts), bandwidth))
    return normalLogProbability(y, tf.dot(leafProbabilities(right), leaves), sigma)
  },
})

export const benchmarkCase: BenchmarkCase = {
  title: '20 soft trees of depth 3, n = 500',
  condition: () => condition(softTrees, simulate()),
  peer: {
    program: 'soft-trees',
    data: () => ({ n: PATIENT_COUNT, p: COVARIATE_COUNT, trees: TREE_COUNT, depth: DEPTH, ...simulate() }),
    chain: { warmup: 30, draws: 20, maximumTreeDepth: 5 },
  },
}
