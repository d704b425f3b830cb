/**
 * Regression of one trial on a prognostic and a treatment part, each linear plus a random function:
 *
 *     two-part:    y_i = alpha + beta' x_i + F(x_i) + (t_i - e) {delta + gamma' z_i + G(z_i)} + error_i
 *     s-learner:   y_i = alpha + beta' x_i + (t_i - e) {delta + gamma' z_i} + F(z_i, t_i - e) + error_i
 *
 *     error_i ~ N(0, sigma^2),   gamma_k ~ N(0, g^2),   g ~ half-N(0, interaction^2)
 *
 * x: prognostic covariates, z: effect modifiers, e: share allocated to treatment. A prior of its own on the treatment part keeps it simple
 * whatever the prognosis needs, and centred treatment keeps the parts apart (Hahn, Murray and Carvalho 2020, 10.1214/19-BA1195); one function
 * of covariates and treatment is what a single learner would be (S-learner: Kuenzel, Sekhon, Bickel and Yu 2019, 10.1073/pnas.1804597116).
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { halfStudentT } from '../../../src/distributions/half-student-t.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { model } from '../../../src/language/model.js'
import { drawNormal } from '../../../src/random/normal.js'
import type { EffectData } from './effect-data.js'
import { RESIDUAL_DEGREES_OF_FREEDOM } from './effect-options.js'
import { type EffectRegression, LOG_LIKELIHOOD, meanOutcome } from './effect-predictions.js'

type Tensors = Readonly<Record<string, tf.Tensor>>

export function effectRegressionModel(regression: EffectRegression) {
  return model({
    name: regression.name,
    parameters: (data: EffectData): Record<string, Prior> => parameterPriors(regression, data),
    logLikelihood: (values: Tensors, data) => pointwise(regression, values, data),
    derived: (values: Tensors, data) => ({ [LOG_LIKELIHOOD]: tf.sum(pointwise(regression, values, data)) }),
    simulate: (stream, values: Readonly<Record<string, Float64Array>>, data) =>
      meanOutcome(regression, values, data).map((mean) => drawNormal(stream, mean, values.sigma[0])),
    outcome: ({ outcome }) => outcome,
    withOutcome: (data, outcome) => ({ ...data, outcome }),
  })
}

function parameterPriors({ options, prognostic, effect }: EffectRegression, data: EffectData): Record<string, Prior> {
  const { linear, form, residualScale } = options
  const { covariate, modifier } = data
  const hasCovariates = covariate.labels.length > 0
  const hasModifiers = modifier.labels.length > 0
  const functions =
    form === 's-learner'
      ? prognostic.priors('joint', { name: 'input', labels: [...modifier.labels, 'treatment'] })
      : {
          ...(hasCovariates ? prognostic.priors('prognostic', covariate) : {}),
          ...(hasModifiers ? effect.priors('effect', modifier) : {}),
        }
  return {
    alpha: normal(0, linear.intercept),
    delta: normal(0, linear.treatment),
    sigma: halfStudentT(RESIDUAL_DEGREES_OF_FREEDOM, 0, residualScale),
    ...(hasCovariates ? { beta: normal(0, linear.prognostic, { shape: [covariate] }) } : {}),
    ...(hasModifiers
      ? { gammaScale: halfNormal(linear.interaction), gamma: normal(0, 'gammaScale', { shape: [modifier], nonCentered: true }) }
      : {}),
    ...functions,
  }
}

/** What a model sees of the data while it is recorded. */
interface TensorTrial {
  readonly outcome: tf.Tensor
  readonly centredTreatment: tf.Tensor
  readonly covariates: tf.Tensor
  readonly modifiers: tf.Tensor
  readonly modifiersAndTreatment: tf.Tensor
}

/** `[patient]` */
function pointwise({ options, prognostic, effect }: EffectRegression, values: Tensors, data: TensorTrial): tf.Tensor {
  const isSingle = options.form === 's-learner'
  const outcome = [values.alpha]
  const treatment = [values.delta]
  if (values.beta) outcome.push(product(data.covariates, values.beta))
  if (values.gamma) treatment.push(product(data.modifiers, values.gamma))
  if (isSingle) outcome.push(prognostic.tensor('joint', values, data.modifiersAndTreatment))
  if (!isSingle && values.beta) outcome.push(prognostic.tensor('prognostic', values, data.covariates))
  if (!isSingle && values.gamma) treatment.push(effect.tensor('effect', values, data.modifiers))
  const mean = tf.add(sum(outcome), tf.mul(data.centredTreatment, sum(treatment)))
  return normalLogProbability(data.outcome, mean, values.sigma)
}

const sum = (terms: readonly tf.Tensor[]) => terms.reduce((total, term) => tf.add(total, term))

function product(matrix: tf.Tensor, vector: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.matMul(matrix, tf.reshape(vector, [vector.size, 1])), [matrix.shape[0] as number])
}
