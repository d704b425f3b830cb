/** Y ~ N(Intercept + Xc b, sigma), Xc = columns 2 to K of X, centred; b ~ N(0, 1), Intercept ~ t(3, 8, 10), sigma ~ half-t(3, 0, 10). */
import * as tf from '@tensorflow/tfjs'
import { mean } from 'd3-array'
import { halfStudentT } from '../../../src/distributions/half-student-t.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { studentT } from '../../../src/distributions/student-t.js'
import { model } from '../../../src/language/model.js'
import { matrixVector, ones, type RegressionData, regressionData, sufficientLogLikelihood } from '../linear-regression.js'

const coefficients = (intercept: tf.Tensor, b: tf.Tensor) => tf.concat([tf.reshape(intercept, [1]), b])

export default ({ Y, X }: { Y: number[]; X: number[][] }) => {
  const centred = X[0].slice(1).map((_, index) => {
    const column = X.map((row) => row[index + 1])
    const centre = mean(column)!
    return column.map((value) => value - centre)
  })
  return {
    model: model({
      name: 'diamonds',
      parameters: (_data: RegressionData) => ({
        b: normal(0, 1, { shape: [centred.length] }),
        Intercept: studentT(3, 8, 10),
        sigma: halfStudentT(3, 0, 10),
      }),
      logLikelihood: ({ b, Intercept, sigma }, data) =>
        normalLogProbability(data.y, matrixVector(data.x, coefficients(Intercept, b)), sigma),
      logLikelihoodSum: ({ b, Intercept, sigma }, data) => sufficientLogLikelihood(data, coefficients(Intercept, b), sigma),
    }),
    data: regressionData(Y, [ones(Y), ...centred]),
  }
}
