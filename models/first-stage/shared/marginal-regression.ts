/**
 * Regression with normal errors whose coefficients, given everything else, have independent normal priors and are integrated out:
 *
 *     y ~ N(H D v, sigma^2 I),   v ~ N(0, I),   D = diag(scales):   y ~ N(0, sigma^2 I + H D^2 H')
 *     log p(y) = -{n log(2 pi sigma^2) + log |A| + (y'y - b' A^-1 b) / sigma^2} / 2,   A = I + D H'H D / sigma^2,   b = D H'y / sigma
 *
 * by Woodbury's identity: the cost grows with n k^2, not n^3. Coefficients given the rest are v ~ N(A^-1 b / sigma, A^-1) (Rasmussen and Williams
 * 2006, Gaussian Processes for Machine Learning, ch. 2.1). What remains to be sampled has neither the stiff directions of well determined
 * coefficients nor the funnel of their scales (src/decisions/0020).
 */
import * as tf from '@tensorflow/tfjs'
import type { Stream } from '../../../src/contract/stream.js'
import { logDiagonalSum } from '../../../src/engine/operations/log-determinant.js'
import { cholesky, triangularSolve } from '../../../src/engine/operations.js'
import { RunError } from '../../../src/errors/run-error.js'
import { choleskyInPlace } from '../../../src/numeric/cholesky.js'
import { backwardSolveInPlace, forwardSolveInPlace } from '../../../src/numeric/triangular-solve.js'
import { fillNormal } from '../../../src/random/fill-normal.js'

/** A regression as its log likelihood depends on it, with the prior standard deviations of its coefficients. */
export interface MarginalTensors {
  /** H'H, `[coefficient, coefficient]`. */
  readonly products: tf.Tensor
  /** H'y, `[coefficient, 1]`. */
  readonly withOutcome: tf.Tensor
  /** y'y, a scalar. */
  readonly outcomeSquare: tf.Tensor
  readonly patientCount: number | tf.Tensor
  /** `[coefficient]` */
  readonly scales: tf.Tensor
  readonly sigma: tf.Tensor
}

/** log p(y), a scalar. */
export function marginalLogLikelihood(regression: MarginalTensors): tf.Tensor {
  const { outcomeSquare, patientCount, sigma } = regression
  const { factor, solved } = posteriorOf(regression)
  const misfit = tf.sub(tf.div(outcomeSquare, tf.square(sigma)), tf.sum(tf.square(solved)))
  const determinants = tf.mul(2, tf.add(logDiagonalSum(factor), tf.mul(patientCount, tf.log(sigma))))
  return tf.mul(-0.5, tf.add(tf.add(misfit, determinants), tf.mul(patientCount, Math.log(2 * Math.PI))))
}

/**
 * Coefficients given the rest, `[coefficient]`.
 * @param noise standard normal, `[coefficient]`
 */
export function coefficientsGiven(regression: MarginalTensors, noise: tf.Tensor): tf.Tensor {
  const { factor, solved } = posteriorOf(regression)
  const standardised = triangularSolve(factor, tf.add(solved, tf.reshape(noise, [noise.size, 1])), { transpose: true })
  return tf.mul(regression.scales, tf.reshape(standardised, [noise.size]))
}

/** The Cholesky factor L of A, and L^-1 b, `[coefficient, 1]`. */
function posteriorOf({ products, withOutcome, scales, sigma }: MarginalTensors) {
  const size = scales.shape[0] as number
  const ratios = tf.div(scales, sigma)
  const column = tf.reshape(ratios, [size, 1])
  const factor = cholesky(tf.add(tf.mul(tf.mul(products, column), ratios), tf.eye(size)))
  return { factor, solved: triangularSolve(factor, tf.div(tf.mul(withOutcome, column), sigma)) }
}

/** What is fixed and what depends on parameters of a design, with the outcome as the last of the fixed columns. */
export interface DesignTensors {
  /** Fixed columns, then the outcome, `[patient, fixed + 1]`. */
  readonly fixed: tf.Tensor
  /** Their products, `[fixed + 1, fixed + 1]`. */
  readonly crossProducts: tf.Tensor
  /** Columns that depend on parameters, `[patient, feature]`. */
  readonly features?: tf.Tensor
}

/** Products of the columns, fixed ones first, with each other and with the outcome. */
export function productsOf({
  fixed,
  crossProducts,
  features,
}: DesignTensors): Pick<MarginalTensors, 'products' | 'withOutcome' | 'outcomeSquare' | 'patientCount'> {
  const [patientCount, width] = fixed.shape as [number, number]
  const fixedCount = width - 1
  const known = tf.slice(crossProducts, [0, 0], [fixedCount, fixedCount])
  const knownOutcome = tf.slice(crossProducts, [0, fixedCount], [fixedCount, 1])
  const outcomeSquare = tf.reshape(tf.slice(crossProducts, [fixedCount, fixedCount], [1, 1]), [])
  if (!features) return { products: known, withOutcome: knownOutcome, outcomeSquare, patientCount }
  const count = features.shape[1] as number
  const mixed = tf.matMul(fixed, features, true, false)
  const side = tf.slice(mixed, [0, 0], [fixedCount, count])
  const products = tf.concat(
    [tf.concat([known, side], 1), tf.concat([tf.transpose(side), tf.matMul(features, features, true, false)], 1)],
    0,
  )
  const withOutcome = tf.concat([knownOutcome, tf.transpose(tf.slice(mixed, [fixedCount, 0], [1, count]))], 0)
  return { products, withOutcome, outcomeSquare, patientCount }
}

/** The same in plain numbers, row-major. */
export interface MarginalNumbers {
  readonly fixed: Float64Array
  readonly crossProducts: Float64Array
  readonly features: Float64Array
  readonly scales: Float64Array
  readonly sigma: number
  readonly patientCount: number
}

/**
 * A draw of the coefficients D v given outcome and everything else, `[fixed + feature]`.
 * @throws RunError when A is not positive definite in float64.
 */
export function drawCoefficients(stream: Stream, { scales, sigma, ...design }: MarginalNumbers): Float64Array {
  const size = scales.length
  const ratios = scales.map((scale) => scale / sigma)
  const { products, withOutcome } = plainCrossProducts(design, size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) products[row * size + column] *= ratios[row] * ratios[column]
    products[row * size + row] += 1
  }
  if (!choleskyInPlace(products, size)) throw notPositiveDefinite(sigma)
  const values = withOutcome.map((value, at) => (value * ratios[at]) / sigma)
  forwardSolveInPlace(products, values, size)
  const noise = fillNormal(stream, new Float64Array(size))
  for (let at = 0; at < size; at++) values[at] += noise[at]
  backwardSolveInPlace(products, values, size)
  return values.map((value, at) => value * scales[at])
}

/** Lower triangle of H'H, `[size, size]`, and H'y, `[size]`. */
function plainCrossProducts(
  { fixed, crossProducts, features, patientCount }: Omit<MarginalNumbers, 'scales' | 'sigma'>,
  size: number,
): { products: Float64Array; withOutcome: Float64Array } {
  const width = fixed.length / patientCount
  const fixedCount = width - 1
  const count = size - fixedCount
  const products = new Float64Array(size * size)
  const withOutcome = new Float64Array(size)
  for (let row = 0; row < fixedCount; row++) {
    withOutcome[row] = crossProducts[row * width + fixedCount]
    for (let column = 0; column <= row; column++) products[row * size + column] = crossProducts[row * width + column]
  }
  for (let patient = 0; patient < patientCount; patient++) {
    const [own, known] = [patient * count, patient * width]
    for (let feature = 0; feature < count; feature++) {
      const value = features[own + feature]
      const target = (fixedCount + feature) * size
      for (let column = 0; column < fixedCount; column++) products[target + column] += value * fixed[known + column]
      for (let other = 0; other <= feature; other++) products[target + fixedCount + other] += value * features[own + other]
      withOutcome[fixedCount + feature] += value * fixed[known + fixedCount]
    }
  }
  return { products, withOutcome }
}

function notPositiveDefinite(sigma: number): RunError {
  return new RunError({
    problem: 'the precision matrix of the coefficients of a trial is not positive definite in float64',
    reason: `the residual standard deviation, ${sigma.toPrecision(3)} reference standard deviations, is near 0: the outcome seems to be a function of the covariates`,
    remedy: 'Check that the outcome is not computed from covariates, or use the linear model.',
  })
}
