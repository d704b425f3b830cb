/**
 * Log likelihood of a trial in a fixed basis, coefficients integrated out, in tfjs operations. With B = I + D F'F D / s^2, c = D F'y / s^2 and s = sigma,
 *
 *     log N(y; 0, F D^2 F' + s^2 I) = -(n log(2 pi s^2) + log det B + y'y / s^2 - c' B^-1 c) / 2
 *
 * (Rasmussen and Williams 2006, appendix A.3). The Cholesky factor of B, bordered by c and y'y / s^2, has the determinant and, as the square of its last pivot, what follows it.
 */
import * as tf from '@tensorflow/tfjs'
import type { TensorData } from '../../../src/contract/model.js'
import { logDiagonalSum } from '../../../src/engine/operations/log-determinant.js'
import { cholesky } from '../../../src/engine/operations.js'
import { MATERN_FACTOR } from '../../../src/numeric/cosine-basis.js'
import type { BasisData, BasisOptions } from './gaussian-process-basis.js'
import { correlation } from './gaussian-process-exact.js'
import type { GaussianProcessOptions } from './gaussian-process-options.js'

type Values = { readonly [name: string]: tf.Tensor }

const LOG_TWO_PI = Math.log(2 * Math.PI)

/** A scalar. */
export function tracedBasisLikelihood(options: BasisOptions, values: Values, data: TensorData<BasisData>): tf.Tensor {
  const scales = tf.concat([...coefficientScales(options, values, data), tf.ones([1])])
  const size = scales.shape[0] as number
  const bordered = tf.div(tf.mul(tf.mul(tf.reshape(scales, [size, 1]), data.products), scales), tf.square(values.sigma))
  const identity = tf.concat([tf.ones([size - 1]), tf.zeros([1])])
  const factor = cholesky(tf.add(bordered, tf.mul(tf.eye(size), identity)))
  const last = tf.reshape(tf.slice(factor, [size - 1, size - 1], [1, 1]), [])
  const logDeterminant = tf.mul(2, tf.sub(logDiagonalSum(factor), tf.log(last)))
  const constant = tf.mul(data.patientCount, tf.add(LOG_TWO_PI, tf.mul(2, tf.log(values.sigma))))
  return tf.mul(-0.5, tf.add(tf.add(constant, logDeterminant), tf.square(last)))
}

/** D by column: `coefficientScales` of the numbers. */
function coefficientScales({ kernel, scales }: BasisOptions, values: Values, data: TensorData<BasisData>): tf.Tensor[] {
  const prognosis = functionScales(kernel, scales.intercept, data.covariate.labels.length, {
    slope: values.slopeScale,
    amplitude: values.amplitude,
    lengthScale: values.lengthScale,
    pairAmplitude: values.pairAmplitude,
    cosines: data.cosines,
    frequencies: data.frequencies,
    meanSquares: data.meanSquares,
    distances: data.distances,
    first: data.first,
    second: data.second,
  })
  const effect = functionScales(kernel, scales.treatment, data.modifier.labels.length, {
    slope: values.effectSlopeScale,
    amplitude: values.effectAmplitude,
    lengthScale: values.effectLengthScale,
    pairAmplitude: values.effectPairAmplitude,
    cosines: data.effectCosines,
    frequencies: data.effectFrequencies,
    meanSquares: data.effectMeanSquares,
    distances: data.effectDistances,
    first: data.effectFirst,
    second: data.effectSecond,
  })
  return [...prognosis, ...effect]
}

interface BasisFunction {
  readonly slope: tf.Tensor
  readonly amplitude: tf.Tensor
  readonly lengthScale: tf.Tensor
  readonly pairAmplitude: tf.Tensor | undefined
  readonly cosines: tf.Tensor
  readonly frequencies: tf.Tensor
  readonly meanSquares: tf.Tensor
  readonly distances: tf.Tensor
  readonly first: tf.Tensor
  readonly second: tf.Tensor
}

/** 1, linear, cosines, products: as many pieces as the function has. */
function functionScales(
  kernel: GaussianProcessOptions['kernel'],
  constant: number,
  covariateCount: number,
  one: BasisFunction,
): tf.Tensor[] {
  if (covariateCount === 0) return [tf.fill([1], constant)]
  const [cosineCount] = one.cosines.shape
  const linear = [tf.fill([1], constant), tf.mul(one.slope, tf.ones([covariateCount]))]
  if (cosineCount === 0) return linear
  const lengths = apply(one.cosines, one.lengthScale)
  const densities = spectralDensity(kernel, lengths, one)
  const variance = tf.square(one.amplitude)
  const [pairCount] = one.first.shape
  if (!one.pairAmplitude || pairCount === 0) return [...linear, tf.sqrt(tf.mul(variance, densities))]
  const pairVariance = tf.square(one.pairAmplitude)
  const weighted = tf.reshape(tf.mul(densities, one.meanSquares), [1, cosineCount])
  const constants = tf.sub(1, tf.reshape(tf.matMul(weighted, one.cosines), [covariateCount]))
  const others = tf.sub(tf.sum(constants), apply(one.cosines, constants))
  const products = tf.mul(apply(one.first, densities), apply(one.second, densities))
  return [
    ...linear,
    tf.sqrt(tf.mul(densities, tf.add(variance, tf.mul(pairVariance, others)))),
    tf.sqrt(tf.mul(pairVariance, products)),
  ]
}

/** Variance of each cosine for an amplitude of 1, as in `cosine-basis.ts`: a spectral density, or, for a covariate with two values, that of their difference. `[cosine]` */
function spectralDensity(
  kernel: GaussianProcessOptions['kernel'],
  lengths: tf.Tensor,
  { frequencies, distances, meanSquares }: BasisFunction,
): tf.Tensor {
  const ofTwoValues = tf.cast(tf.greater(distances, 0), 'float32')
  const along = correlation(kernel, tf.mul(-0.5, tf.square(tf.div(distances, lengths))))
  const difference = tf.div(tf.sub(1, along), tf.mul(2, meanSquares))
  const density = spectral(kernel, lengths, frequencies)
  return tf.add(tf.mul(ofTwoValues, difference), tf.mul(tf.sub(1, ofTwoValues), density))
}

function spectral(kernel: GaussianProcessOptions['kernel'], lengths: tf.Tensor, frequencies: tf.Tensor): tf.Tensor {
  const squares = tf.square(tf.mul(lengths, frequencies))
  if (kernel === 'squared-exponential')
    return tf.mul(tf.mul(Math.sqrt(2 * Math.PI), lengths), tf.exp(tf.maximum(tf.mul(-0.5, squares), LEAST_EXPONENT)))
  return tf.div(tf.mul(MATERN_FACTOR, lengths), tf.pow(tf.add(5, squares), 3))
}

/** Keeps densities of terms that do not matter away from 0, where the root has no derivative. */
const LEAST_EXPONENT = -150

/** Matrix times vector. */
function apply(matrix: tf.Tensor, vector: tf.Tensor): tf.Tensor {
  const [rows, columns] = matrix.shape
  return tf.reshape(tf.matMul(matrix, tf.reshape(vector, [columns, 1])), [rows])
}
