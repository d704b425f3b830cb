/** Covariance of the outcome of a trial in tfjs operations, patient by patient: see `CovarianceFunction` for the parts. */
import * as tf from '@tensorflow/tfjs'
import type { GaussianProcessOptions } from './gaussian-process-options.js'

type Values = { readonly [name: string]: tf.Tensor }

/** A function of covariates on the parameters' own scale: see `CovarianceFunction`. */
interface FunctionTensors {
  readonly slopeScale: tf.Tensor
  readonly amplitude: tf.Tensor
  readonly lengthScale: tf.Tensor
  /** Of functions of two covariates, where there are any. */
  readonly pairAmplitude: tf.Tensor | undefined
}

/** Covariance of the linear and the smooth part at rows of covariates, `[patient, patient]`. */
function functionCovariance(
  { kernel, structure }: GaussianProcessOptions,
  rows: tf.Tensor,
  { slopeScale, amplitude, lengthScale, pairAmplitude }: FunctionTensors,
): tf.Tensor {
  const linear = tf.mul(tf.square(slopeScale), outer(rows))
  if (structure !== 'joint') return tf.add(linear, sumOfFunctions(kernel, rows, { amplitude, lengthScale, pairAmplitude }))
  const smooth = tf.mul(tf.square(amplitude), correlation(kernel, negativeHalfSquares(tf.div(rows, lengthScale))))
  return tf.add(linear, smooth)
}

/**
 * Minus half the squared distances between rows, `[row, row]`. Its gradient is that with respect to a pair of rows whose two places are alike, as in a log density: one product of matrices,
 * where an outer product would need one for each side.
 */
const negativeHalfSquares = tf.customGrad((...inputs) => {
  const [rows, save] = inputs as [tf.Tensor, tf.GradSaveFunc]
  const [count, width] = rows.shape as [number, number]
  const halves = tf.mul(-0.5, tf.sum(tf.square(rows), 1, true))
  save([rows])
  return {
    value: tf.add(tf.add(outer(rows), halves), tf.reshape(halves, [1, count])),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const sums = tf.matMul(dy, tf.concat([saved[0], tf.ones([count, 1])], 1))
      const [products, totals] = [tf.slice(sums, [0, 0], [count, width]), tf.slice(sums, [0, width], [count, 1])]
      return tf.mul(2, tf.sub(products, tf.mul(saved[0], totals)))
    },
  }
})

/** a^2 e_1 + b^2 e_2 of the correlations along each covariate, e_2 = (e_1^2 - their sum of squares) / 2; `[patient, patient]`. */
function sumOfFunctions(
  kernel: GaussianProcessOptions['kernel'],
  rows: tf.Tensor,
  { amplitude, lengthScale, pairAmplitude }: Omit<FunctionTensors, 'slopeScale'>,
): tf.Tensor {
  const [count, width] = rows.shape as [number, number]
  const columns = tf.transpose(tf.div(rows, lengthScale))
  const differences = tf.sub(tf.reshape(columns, [width, count, 1]), tf.reshape(columns, [width, 1, count]))
  const along = correlation(kernel, tf.mul(-0.5, tf.square(differences)))
  const sum = tf.sum(along, 0)
  const singles = tf.mul(tf.square(amplitude), sum)
  if (!pairAmplitude) return singles
  const pairs = tf.sub(tf.square(sum), tf.sum(tf.square(along), 0))
  return tf.add(singles, tf.mul(tf.mul(0.5, tf.square(pairAmplitude)), pairs))
}

/** @param negativeHalf minus half the squared distance */
export function correlation(kernel: GaussianProcessOptions['kernel'], negativeHalf: tf.Tensor): tf.Tensor {
  if (kernel === 'squared-exponential') return tf.exp(negativeHalf)
  const distance = tf.sqrt(tf.add(tf.relu(tf.mul(-10, negativeHalf)), SMALL_SQUARE))
  const polynomial = tf.add(tf.add(1, distance), tf.div(tf.square(distance), 3))
  return tf.mul(polynomial, tf.exp(tf.neg(distance)))
}

/** Added to squared distances so that the root has a derivative at 0; changes correlations by a sixth of it. */
const SMALL_SQUARE = 1e-12

const outer = (rows: tf.Tensor): tf.Tensor => tf.matMul(rows, rows, false, true)

export interface CovarianceData {
  readonly covariates: tf.Tensor
  readonly modifiers: tf.Tensor
  readonly centredTreatment: tf.Tensor
  readonly patientCount: number
}

/** Covariance of the outcome, `[patient, patient]`. */
export function tracedCovariance(options: GaussianProcessOptions, values: Values, data: CovarianceData): tf.Tensor {
  const { scales } = options
  const { patientCount } = data
  const treatmentProduct = outer(tf.reshape(data.centredTreatment, [patientCount, 1]))
  const constant = tf.add(scales.intercept ** 2, tf.mul(scales.treatment ** 2, treatmentProduct))
  const { slopeScale, amplitude, lengthScale, pairAmplitude, effectSlopeScale, effectAmplitude, effectLengthScale, sigma } =
    values
  const prognosis =
    amplitude && functionCovariance(options, data.covariates, { slopeScale, amplitude, lengthScale, pairAmplitude })
  const effect =
    effectAmplitude &&
    functionCovariance(options, data.modifiers, {
      slopeScale: effectSlopeScale,
      amplitude: effectAmplitude,
      lengthScale: effectLengthScale,
      pairAmplitude: values.effectPairAmplitude,
    })
  return [
    ...(prognosis ? [prognosis] : []),
    ...(effect ? [tf.mul(treatmentProduct, effect)] : []),
    tf.mul(tf.square(sigma), tf.eye(patientCount)),
  ].reduce((sum, part) => tf.add(sum, part), constant)
}
