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
 *
 * Coefficients of the linear parts and of the features of F and G are integrated out (`marginal-regression.ts`) and drawn after sampling; the trial
 * is one observation. What is sampled are the residual standard deviation, the features and the scales of coefficients. A scale enters through its
 * square alone, so that it is sampled with a sign, which says nothing: a normal prior of g is a half-normal one of |g|.
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import type { GeneratedQuantity } from '../../../src/contract/model.js'
import type { Stream } from '../../../src/contract/stream.js'
import { halfStudentT } from '../../../src/distributions/half-student-t.js'
import { normal } from '../../../src/distributions/normal.js'
import { model } from '../../../src/language/model.js'
import { drawNormal } from '../../../src/random/normal.js'
import {
  type EffectRegression,
  featuresOf,
  functionsOf,
  namedCoefficients,
  plainFeaturesOf,
  plainScalesOf,
  scalesOf,
} from './effect-design.js'
import { RESIDUAL_DEGREES_OF_FREEDOM } from './effect-options.js'
import { LOG_LIKELIHOOD, meanOutcome } from './effect-predictions.js'
import { drawCoefficients, marginalLogLikelihood, productsOf } from './marginal-regression.js'
import { type RegressionData, withCrossProducts } from './regression-data.js'

type Tensors = Readonly<Record<string, tf.Tensor>>
type Values = Readonly<Record<string, Float64Array>>

/** The model as a value of the model language. Draws hold the coefficients too, as generated quantities. */
export function effectRegressionModel(regression: EffectRegression) {
  return model({
    name: regression.name,
    parameters: (data: RegressionData): Record<string, Prior> => parameterPriors(regression, data),
    logLikelihood: (values: Tensors, data) => tf.reshape(logLikelihood(regression, values, data), [1]),
    derived: (values: Tensors, data) => ({ [LOG_LIKELIHOOD]: logLikelihood(regression, values, data) }),
    generate: (stream, values: Values, data): Record<string, GeneratedQuantity> => {
      const { fixed, crossProducts, patientCount } = data
      const design = { fixed: fixed.values, crossProducts: crossProducts.values, patientCount, sigma: values.sigma[0] }
      const features = plainFeaturesOf(regression, values, data)
      const scales = plainScalesOf(regression, values, data)
      return namedCoefficients(regression, drawCoefficients(stream, { ...design, features, scales }), data)
    },
    simulate: (stream, values: Values, data) => {
      const known = values.alpha ? values : { ...values, ...priorCoefficients(stream, regression, values, data) }
      return meanOutcome(regression, known, data).map((mean) => drawNormal(stream, mean, values.sigma[0]))
    },
    outcome: ({ outcome }) => outcome,
    withOutcome: (data, outcome) => withCrossProducts({ ...data, outcome }),
  })
}

function parameterPriors(regression: EffectRegression, data: RegressionData): Record<string, Prior> {
  const { linear, residualScale } = regression.options
  const priors: Record<string, Prior> = { sigma: halfStudentT(RESIDUAL_DEGREES_OF_FREEDOM, 0, residualScale) }
  if (data.modifier.labels.length > 0) priors.gammaSignedScale = normal(0, linear.interaction)
  for (const { name, inputs, function: f } of functionsOf(regression, data))
    Object.assign(priors, { [`${name}SignedScale`]: normal(0, f.scale) }, f.priors(name, inputs))
  return priors
}

/** What a model sees of the data while it is recorded. */
type TensorTrial = Parameters<typeof featuresOf>[2] & {
  readonly fixed: tf.Tensor
  readonly crossProducts: tf.Tensor
}

function logLikelihood(regression: EffectRegression, values: Tensors, data: TensorTrial): tf.Tensor {
  const { fixed, crossProducts } = data
  const features = featuresOf(regression, values, data)
  const scales = scalesOf(regression, values, data)
  const products = productsOf({ fixed, crossProducts, ...(features && { features }) })
  return marginalLogLikelihood({ ...products, scales, sigma: values.sigma })
}

/** Coefficients before the outcome is seen, by name. */
function priorCoefficients(stream: Stream, regression: EffectRegression, values: Values, data: RegressionData): Values {
  const drawn = plainScalesOf(regression, values, data).map((scale) => scale * drawNormal(stream, 0, 1))
  return Object.fromEntries(Object.entries(namedCoefficients(regression, drawn, data)).map(([name, { value }]) => [name, value]))
}
