/** The linear regressions among the posteriors of posteriordb: y ~ N(X beta, sigma), with flat priors unless others are given. */
import * as tf from '@tensorflow/tfjs'
import { Matrix, QrDecomposition } from 'ml-matrix'
import type { Prior } from '../../src/contract/distribution.js'
import { flat } from '../../src/distributions/flat.js'
import { flatPositive } from '../../src/distributions/flat-positive.js'
import { normalLogProbability } from '../../src/distributions/normal.js'
import { model } from '../../src/language/model.js'
import { ordinaryLeastSquares } from '../../src/numeric/ordinary-least-squares.js'

export interface LinearRegressionPriors {
  /** Prior of the coefficients, of shape `[columns.length]`. */
  readonly beta?: Prior
  readonly sigma?: Prior
}

/** @param columns `[coefficient][observation]` */
export function linearRegression(
  name: string,
  y: readonly number[],
  columns: readonly (readonly number[])[],
  priors: LinearRegressionPriors = {},
) {
  const { beta = flat({ shape: [columns.length] }), sigma = flatPositive() } = priors
  return {
    model: model({
      name,
      parameters: (_data: RegressionData) => ({ beta, sigma }),
      logLikelihood: (parameters, data) => normalLogProbability(data.y, matrixVector(data.x, parameters.beta), parameters.sigma),
      logLikelihoodSum: (parameters, data) => sufficientLogLikelihood(data, parameters.beta, parameters.sigma),
    }),
    data: regressionData(y, columns),
  }
}

export interface RegressionData {
  readonly count: number
  readonly y: readonly number[]
  /** `[observation, coefficient]` */
  readonly x: readonly (readonly number[])[]
  /** b^, the least-squares coefficients. */
  readonly leastSquares: Float64Array
  /** R of the QR decomposition of x, `[coefficient, coefficient]`. */
  readonly root: readonly (readonly number[])[]
  /** |y - x b^|^2 */
  readonly residualSquares: number
}

/** @param columns `[coefficient][observation]` */
export function regressionData(y: readonly number[], columns: readonly (readonly number[])[]): RegressionData {
  const x = y.map((_, row) => columns.map((column) => column[row]))
  const fit = ordinaryLeastSquares(Float64Array.from(x.flat()), Float64Array.from(y))
  return {
    count: y.length,
    y,
    x,
    leastSquares: fit.coefficients,
    root: new QrDecomposition(new Matrix(x)).upperTriangularMatrix.to2DArray(),
    residualSquares: fit.residualVariance * fit.degreesOfFreedom,
  }
}

/** -n log sigma - (|y - x b^|^2 + |R (beta - b^)|^2) / (2 sigma^2): independent of the number of observations. */
export function sufficientLogLikelihood(
  data: { readonly count: number; readonly residualSquares: number; readonly leastSquares: tf.Tensor; readonly root: tf.Tensor },
  beta: tf.Tensor,
  sigma: tf.Tensor,
): tf.Tensor {
  const explained = tf.sum(tf.square(matrixVector(data.root, tf.sub(beta, data.leastSquares))))
  const squares = tf.div(tf.add(explained, data.residualSquares), tf.square(sigma))
  return tf.sub(tf.mul(squares, -0.5), tf.mul(tf.log(sigma), data.count))
}

/** @param matrix `[row, column]` @param vector `[column]` */
export function matrixVector(matrix: tf.Tensor, vector: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.matMul(matrix, tf.reshape(vector, [vector.size, 1])), [matrix.shape[0]])
}

/** A column of ones as long as this one. */
export const ones = (like: readonly unknown[]): number[] => like.map(() => 1)
export const product = (left: readonly number[], right: readonly number[]): number[] =>
  left.map((value, row) => value * right[row])
export const ratio = (left: readonly number[], right: readonly number[]): number[] => left.map((value, row) => value / right[row])
export const logarithm = (values: readonly number[]): number[] => values.map(Math.log)
export const indicator = (values: readonly number[], level: number): number[] => values.map((value) => Number(value === level))
