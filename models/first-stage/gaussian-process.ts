/**
 * Gaussian process regression of one trial, an additive prognostic and treatment part:
 *
 *     y_i = alpha + beta' x_i + m(x_i) + (t_i - e) {delta + gamma' z_i + g(z_i)} + error_i
 *
 * x: prognostic covariates, z: effect modifiers, e: share allocated to treatment, m and g smooth random functions with a length scale for each
 * covariate. The effect of a person is delta + gamma' z + g(z). Centring treatment at its known allocation makes the two parts nearly
 * orthogonal, so that a misfit of the first does not leak into the second (Hahn, Murray and Carvalho 2020, 10.1214/19-BA1195). Coefficients and
 * functions have normal priors and are integrated out, y ~ N(0, K); what is left to sample are length scales, amplitudes and the residual
 * standard deviation. Exact, at a cost of n^3 per evaluation (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, ch. 2
 * and 5). Indicator columns enter as the numbers that they are.
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../src/contract/distribution.js'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import { halfStudentT } from '../../src/distributions/half-student-t.js'
import { lognormal } from '../../src/distributions/lognormal.js'
import type { Dimension } from '../../src/draws/draws.js'
import { multivariateNormalLogProbability } from '../../src/engine/operations.js'
import { model } from '../../src/language/model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { choleskyInPlace } from '../../src/numeric/cholesky.js'
import { outcomeCovariance } from '../../src/numeric/effect-function.js'
import { type GaussianProcessData, gaussianProcessData, hyperParameters } from './shared/gaussian-process-data.js'
import { gaussianProcessEffects, identifiedQuantities, writeNormal } from './shared/gaussian-process-effects.js'
import { describeGaussianProcess, type GaussianProcessOptions, optionsSchema } from './shared/gaussian-process-options.js'

type Values = { readonly [name: string]: tf.Tensor }

function parameterPriors(options: GaussianProcessOptions, { covariate, modifier }: GaussianProcessData): Record<string, Prior> {
  const { prognostic, effect } = options
  const prior = ({ median, spread }: { median: number; spread: number }, shape: readonly Dimension[] = []) =>
    lognormal(Math.log(median), spread, { shape })
  return {
    sigma: halfStudentT(3, 0, options.residualScale),
    ...(covariate.labels.length > 0
      ? {
          slopeScale: prior(prognostic.slope),
          amplitude: prior(prognostic.amplitude),
          lengthScale: prior(prognostic.lengthScale, [covariate]),
        }
      : {}),
    ...(modifier.labels.length > 0
      ? {
          effectSlopeScale: prior(effect.slope),
          effectAmplitude: prior(effect.amplitude),
          effectLengthScale: prior(effect.lengthScale, [modifier]),
        }
      : {}),
  }
}

/** A function of covariates on the parameters' own scale: see `CovarianceFunction`. */
interface FunctionTensors {
  readonly slopeScale: tf.Tensor
  readonly amplitude: tf.Tensor
  readonly lengthScale: tf.Tensor
}

/** Covariance of the linear and the smooth part at rows of covariates, `[patient, patient]`. */
function functionCovariance(
  kernel: GaussianProcessOptions['kernel'],
  rows: tf.Tensor,
  { slopeScale, amplitude, lengthScale }: FunctionTensors,
): tf.Tensor {
  const linear = tf.mul(tf.square(slopeScale), outer(rows))
  const scaled = tf.div(rows, lengthScale)
  const squares = tf.sum(tf.square(scaled), 1)
  const [count] = rows.shape
  const sums = tf.add(tf.reshape(squares, [count, 1]), tf.reshape(squares, [1, count]))
  const smooth = tf.mul(tf.square(amplitude), correlation(kernel, tf.sub(outer(scaled), tf.mul(0.5, sums))))
  return tf.add(linear, smooth)
}

/** @param negativeHalf minus half the squared distance */
function correlation(kernel: GaussianProcessOptions['kernel'], negativeHalf: tf.Tensor): tf.Tensor {
  if (kernel === 'squared-exponential') return tf.exp(negativeHalf)
  const distance = tf.sqrt(tf.add(tf.relu(tf.mul(-10, negativeHalf)), SMALL_SQUARE))
  const polynomial = tf.add(tf.add(1, distance), tf.div(tf.square(distance), 3))
  return tf.mul(polynomial, tf.exp(tf.neg(distance)))
}

/** Added to squared distances so that the root has a derivative at 0; changes correlations by a sixth of it. */
const SMALL_SQUARE = 1e-12

const outer = (rows: tf.Tensor): tf.Tensor => tf.matMul(rows, rows, false, true)

interface CovarianceData {
  readonly covariates: tf.Tensor
  readonly modifiers: tf.Tensor
  readonly centredTreatment: tf.Tensor
  readonly patientCount: number
}

/** Covariance of the outcome, `[patient, patient]`. */
function covariance({ kernel, scales }: GaussianProcessOptions, values: Values, data: CovarianceData): tf.Tensor {
  const { patientCount } = data
  const treatmentProduct = outer(tf.reshape(data.centredTreatment, [patientCount, 1]))
  const constant = tf.add(scales.intercept ** 2, tf.mul(scales.treatment ** 2, treatmentProduct))
  const { slopeScale, amplitude, lengthScale, effectSlopeScale, effectAmplitude, effectLengthScale, sigma } = values
  const prognosis = amplitude && functionCovariance(kernel, data.covariates, { slopeScale, amplitude, lengthScale })
  const effect =
    effectAmplitude &&
    functionCovariance(kernel, data.modifiers, {
      slopeScale: effectSlopeScale,
      amplitude: effectAmplitude,
      lengthScale: effectLengthScale,
    })
  return [
    ...(prognosis ? [prognosis] : []),
    ...(effect ? [tf.mul(treatmentProduct, effect)] : []),
    tf.mul(tf.square(sigma), tf.eye(patientCount)),
  ].reduce((sum, part) => tf.add(sum, part), constant)
}

/** The model with these options as a value of the model language. The whole trial is one observation: patients are not independent given the parameters. */
export function gaussianProcessModel(options: GaussianProcessOptions) {
  return model({
    name: 'gaussian-process',
    parameters: (data: GaussianProcessData): Record<string, Prior> => parameterPriors(options, data),
    logLikelihood: (values, data) =>
      tf.reshape(multivariateNormalLogProbability(data.outcome, covariance(options, values, data)), [1]),
    simulate: (stream, values, data) => {
      const factor = outcomeCovariance(hyperParameters(options, values), data)
      choleskyInPlace(factor, data.patientCount)
      const outcome = new Float64Array(data.patientCount)
      writeNormal(stream, outcome.slice(), factor, outcome, 0)
      return outcome
    },
    outcome: ({ outcome }) => outcome,
    withOutcome: (data, outcome) => ({ ...data, outcome }),
  })
}

/** An evaluation costs n^3; hyper-parameters need few draws, since effects given them are drawn exactly. */
const APPROXIMATION = { draws: 200, proposals: 800 }

export const firstStageModel: FirstStageModel<GaussianProcessOptions, GaussianProcessData> = {
  name: 'gaussian-process',
  summary: 'Gaussian processes for prognosis and effect beside their linear parts; effects of any smooth shape, exact',
  targetAcceptance: () => 0.8,
  approximation: ({ algorithm }) => (algorithm === 'nuts' ? undefined : { algorithm, ...APPROXIMATION }),
  parseOptions: (raw) => parseOptions('firstStage', 'model', optionsSchema, raw),
  describe: describeGaussianProcess,
  condition: (trial, options) => ({ model: gaussianProcessModel(options), data: gaussianProcessData(trial, options) }),
  effects: gaussianProcessEffects,
  identified: identifiedQuantities,
}
