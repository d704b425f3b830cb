/**
 * M1s: the regression of M1 over its sufficient statistics, with b^ the least-squares coefficients and R of x = QR,
 *
 *     log likelihood = -n log sigma - (|y - x b^|^2 + |R (b - b^)|^2) / (2 sigma^2)
 */
import * as tf from '@tensorflow/tfjs'
import { Matrix, QrDecomposition } from 'ml-matrix'
import type { NumericArray } from '../../../src/contract/model.js'
import { halfNormal, model, normal, normalLogProbability } from '../../../src/index.js'
import { condition } from '../../../src/language/condition.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import type { BenchmarkCase } from '../benchmark-case.js'
import { SLOPE_COUNT, simulateLinear } from '../linear-case.js'
import { once } from '../once.js'

const PATIENT_COUNT = 500

interface Data {
  readonly y: Float64Array
  readonly x: NumericArray
  readonly n: number
  readonly leastSquares: Float64Array
  /** R, `[coefficient, coefficient]` */
  readonly root: NumericArray
  readonly residualSquares: number
}

const simulate = once<Data>(() => {
  const { y, x } = simulateLinear(PATIENT_COUNT)
  const size = SLOPE_COUNT + 1
  const design = new Matrix(PATIENT_COUNT, size)
  for (let row = 0; row < PATIENT_COUNT; row++)
    for (let column = 0; column < size; column++)
      design.set(row, column, column === 0 ? 1 : x.values[row * SLOPE_COUNT + column - 1])
  const { coefficients, residualVariance, degreesOfFreedom } = ordinaryLeastSquares(Float64Array.from(design.to1DArray()), y)
  const root = new QrDecomposition(design).upperTriangularMatrix
  return {
    y,
    x,
    n: PATIENT_COUNT,
    leastSquares: coefficients,
    root: { values: Float64Array.from(root.to1DArray()), shape: [size, size] },
    residualSquares: residualVariance * degreesOfFreedom,
  }
})

const sufficient = model({
  name: 'linear over sufficient statistics',
  parameters: (_data: Data) => ({
    alpha: normal(0, 10),
    beta: normal(0, 2.5, { shape: [SLOPE_COUNT] }),
    sigma: halfNormal(2.5),
  }),
  logLikelihood: ({ alpha, beta, sigma }, { y, x }) => normalLogProbability(y, tf.add(alpha, tf.dot(x, beta)), sigma),
  logLikelihoodSum: ({ alpha, beta, sigma }, { n, leastSquares, root, residualSquares }) => {
    const coefficients = tf.concat([tf.reshape(alpha, [1]), beta])
    const explained = tf.sum(tf.square(tf.dot(root, tf.sub(coefficients, leastSquares))))
    const scaled = tf.div(tf.add(explained, residualSquares), tf.square(sigma))
    return tf.sub(tf.mul(scaled, -0.5), tf.mul(tf.log(sigma), n))
  },
})

export const benchmarkCase: BenchmarkCase = {
  title: 'the same over sufficient statistics',
  condition: () => condition(sufficient, simulate()),
  peer: {
    program: 'linear-sufficient',
    data: () => {
      const { n, leastSquares, root, residualSquares } = simulate()
      return { n, p: SLOPE_COUNT, leastSquares, root, residualSquares }
    },
    chain: { warmup: 500, draws: 4000, maximumTreeDepth: 10 },
  },
  sampling: { monitored: ['alpha', 'beta', 'sigma'], targetAcceptance: 0.8 },
}
