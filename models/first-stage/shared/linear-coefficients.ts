/** The coefficients of the linear model as one vector, and integrated out where they are normal given the rest (src/decisions/0027). */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import type { IntegratedParameters } from '../../../src/contract/model.js'
import { lengths } from '../../../src/distributions/shared/lengths.js'
import { resolveArgument } from '../../../src/language/parameters.js'
import { chosenPrior } from '../../coefficient-priors.js'
import type { LinearData } from './linear-data.js'
import type { LinearOptions } from './linear-options.js'
import { coefficientsGiven, marginalLogLikelihood } from './marginal-regression.js'

/** In the order of the design's columns. */
export const COEFFICIENTS = ['alpha', 'beta', 'delta', 'gamma'] as const

type Values = { readonly [name: string]: tf.Tensor }

/** What the log likelihood with normal errors of one variance needs of `LinearData`. */
export interface SufficientStatistics {
  readonly origin: tf.Tensor
  readonly gram: tf.Tensor
  readonly moment: tf.Tensor
  readonly sumOfSquares: tf.Tensor
  readonly rowCount: tf.Tensor
}

/** `[coefficient]` */
export function coefficientVector(values: Values): tf.Tensor {
  return tf.concat(COEFFICIENTS.flatMap((name) => (values[name] ? [tf.reshape(values[name], [values[name].size])] : [])))
}

export function matrixVector(matrix: tf.Tensor, vector: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.matMul(matrix, tf.reshape(vector, [vector.size, 1])), [matrix.shape[0]])
}

/**
 * Whether the coefficients are normal given the rest, so that they are integrated out: errors are normal with one variance, the prior that shrinks is a scale
 * mixture of normals, and chains for all parameters were not asked for.
 */
export function integratesCoefficients({ errors, exact, prior: choice }: LinearOptions): boolean {
  const { prior, options } = chosenPrior(choice)
  const { b } = prior.declare('b', { name: 'coefficient', labels: ['x'] }, options, { patientCount: 1, residualScale: 'sigma' })
  return exact && errors.family === 'normal' && !errors.byArm && isNormal(b)
}

const isNormal = ({ distribution }: Prior): boolean => distribution.name === 'normal'

/**
 * @param priors of the linear model; the scales of coefficients may depend on other parameters
 * @returns nothing when some coefficient has a flat prior
 */
export function integratedCoefficients(priors: Readonly<Record<string, Prior>>): IntegratedParameters<LinearData> | undefined {
  const names = COEFFICIENTS.filter((name) => priors[name])
  if (!names.every((name) => isNormal(priors[name]))) return undefined
  const shapes = names.map((name) => lengths(priors[name].shape))
  const sizes = shapes.map(([size = 1]) => size)
  const regression = (values: Values, data: SufficientStatistics) => ({
    ...uncentred(data),
    scales: tf.concat(
      names.map((name, index) => {
        const [, scale] = priors[name].arguments
        return tf.mul(resolveArgument(scale, values, shapes[index]), tf.ones([sizes[index]]))
      }),
    ),
    sigma: values.sigma,
  })
  return {
    names,
    logLikelihood: (values, data) => marginalLogLikelihood(regression(values, data)),
    draw: (values, noise, data) => {
      const parts = tf.split(coefficientsGiven(regression(values, data), noise), sizes)
      return Object.fromEntries(names.map((name, index) => [name, tf.reshape(parts[index], shapes[index])]))
    },
  }
}

/** D'D, D'y and y'y from sums about the origin. */
function uncentred({ origin, gram, moment, sumOfSquares, rowCount }: SufficientStatistics) {
  const fitted = matrixVector(gram, origin)
  const withOutcome = tf.reshape(tf.add(moment, fitted), [origin.size, 1])
  const outcomeSquare = tf.add(tf.sum(tf.mul(origin, tf.add(tf.mul(2, moment), fitted))), sumOfSquares)
  return { products: gram, withOutcome, outcomeSquare, patientCount: rowCount }
}
