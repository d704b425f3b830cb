/** y ~ N(alpha + beta x, sigma) with normal priors given as data, flat sigma; x are calendar years, uncentred. */
import * as tf from '@tensorflow/tfjs'
import { flatPositive } from '../../../src/distributions/flat-positive.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { model } from '../../../src/language/model.js'
import { matrixVector, ones, type RegressionData, regressionData, sufficientLogLikelihood } from '../linear-regression.js'

interface Data {
  x: number[]
  y: number[]
  pmualpha: number
  psalpha: number
  pmubeta: number
  psbeta: number
}

export default ({ x, y, pmualpha, psalpha, pmubeta, psbeta }: Data) => ({
  model: model({
    name: 'kilpisjarvi',
    parameters: (_data: RegressionData) => ({
      alpha: normal(pmualpha, psalpha),
      beta: normal(pmubeta, psbeta),
      sigma: flatPositive(),
    }),
    logLikelihood: ({ alpha, beta, sigma }, data) =>
      normalLogProbability(data.y, matrixVector(data.x, tf.stack([alpha, beta])), sigma),
    logLikelihoodSum: ({ alpha, beta, sigma }, data) => sufficientLogLikelihood(data, tf.stack([alpha, beta]), sigma),
  }),
  data: regressionData(y, [ones(y), x]),
})
