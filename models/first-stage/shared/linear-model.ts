import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import type { DerivedQuantity } from '../../../src/contract/model.js'
import { flat } from '../../../src/distributions/flat.js'
import { gamma as gammaPrior } from '../../../src/distributions/gamma.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { halfStudentT } from '../../../src/distributions/half-student-t.js'
import { lognormal } from '../../../src/distributions/lognormal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { studentTLogProbability } from '../../../src/distributions/student-t.js'
import type { Dimension } from '../../../src/draws/draws.js'
import { model } from '../../../src/language/model.js'
import { drawNormal } from '../../../src/random/normal.js'
import { drawStudentT } from '../../../src/random/student-t.js'
import { chosenPrior } from '../../coefficient-priors.js'
import {
  COEFFICIENTS,
  coefficientVector,
  integratedCoefficients,
  integratesCoefficients,
  matrixVector,
  type SufficientStatistics,
} from './linear-coefficients.js'
import { type LinearData, sufficientStatistics } from './linear-data.js'
import { type LinearOptions, RESIDUAL_DEGREES_OF_FREEDOM } from './linear-options.js'

/** The residual scale comes before the coefficients: some priors are relative to it. */
function parameterPriors(options: LinearOptions, { covariate, modifier, patientCount }: LinearData): Record<string, Prior> {
  const { scales, appliesTo, errors } = options
  const { prior, options: priorOptions } = chosenPrior(options.prior)
  const isFlat = prior.name === 'flat'
  const vague = (scale: number, shape: readonly Dimension[]) =>
    isFlat || scale === Number.POSITIVE_INFINITY ? flat({ shape }) : normal(0, scale, { shape })
  const shrunken = (name: string, coefficients: Dimension) =>
    prior.declare(name, coefficients, priorOptions, { patientCount, residualScale: 'sigma' })
  const prognostic = () =>
    appliesTo === 'covariates' ? shrunken('beta', covariate) : { beta: vague(scales.prognostic, [covariate]) }
  return {
    alpha: vague(scales.intercept, []),
    delta: vague(scales.treatment, []),
    sigma: residualPrior(options.residual),
    ...(errors.byArm ? { sigmaRatio: lognormal(0, 0.5) } : {}),
    ...(errors.family === 'student-t' ? { degreesOfFreedom: gammaPrior(2, 0.1) } : {}),
    ...(covariate.labels.length > 0 ? prognostic() : {}),
    ...(modifier.labels.length > 0 ? shrunken('gamma', modifier) : {}),
  }
}

/** Of log sigma: so wide that 1 / sigma, the limit, is met to 1e-4 for sigma from 1e-4 to 1e4. */
const REFERENCE_WIDTH = 1000

function residualPrior({ family, scale }: LinearOptions['residual']): Prior {
  if (family === 'reference') return lognormal(0, REFERENCE_WIDTH)
  return family === 'half-normal' ? halfNormal(scale) : halfStudentT(RESIDUAL_DEGREES_OF_FREEDOM, 0, scale)
}

type Values = { readonly [name: string]: tf.Tensor }

/** Of each patient: the control arm's is sigma. `[patient]`, or a scalar when the arms share it. */
function residualScale({ sigma, sigmaRatio }: Values, treatment: tf.Tensor): tf.Tensor {
  return sigmaRatio ? tf.mul(sigma, tf.pow(sigmaRatio, treatment)) : sigma
}

/** The model with these options as a value of the model language. */
export function linearModel(options: LinearOptions) {
  const { appliesTo, errors } = options
  const { prior, options: priorOptions } = chosenPrior(options.prior)
  const isNormal = errors.family === 'normal'
  return model({
    name: 'linear',
    parameters: (data: LinearData): Record<string, Prior> => parameterPriors(options, data),
    logLikelihood: (values, { outcome, design, treatment }) => {
      const mean = matrixVector(design, coefficientVector(values))
      const scale = residualScale(values, treatment)
      return isNormal
        ? normalLogProbability(outcome, mean, scale)
        : studentTLogProbability(outcome, values.degreesOfFreedom, mean, scale)
    },
    ...(isNormal && !errors.byArm ? { logLikelihoodSum: sumFromSufficientStatistics } : {}),
    ...(integratesCoefficients(options)
      ? { integratedOut: (data: LinearData) => integratedCoefficients(parameterPriors(options, data)) }
      : {}),
    ...(prior.derived
      ? {
          derived: (values: Values, { covariate, modifier }: { readonly covariate: Dimension; readonly modifier: Dimension }) => {
            const of = (name: string, coefficients: Dimension): Record<string, DerivedQuantity> =>
              (values[name] && prior.derived?.(name, values, coefficients, priorOptions)) || {}
            return { ...(appliesTo === 'covariates' ? of('beta', covariate) : {}), ...of('gamma', modifier) }
          },
        }
      : {}),
    simulate: (stream, { sigma, sigmaRatio, degreesOfFreedom, ...coefficients }, { design, patientCount, treatment }) => {
      const parts = COEFFICIENTS.flatMap((name) => Array.from(coefficients[name] ?? []))
      return Float64Array.from({ length: patientCount }, (_, patient) => {
        const mean = parts.reduce(
          (sum, coefficient, column) => sum + coefficient * design.values[patient * parts.length + column],
          0,
        )
        const scale = sigmaRatio && treatment[patient] === 1 ? sigma[0] * sigmaRatio[0] : sigma[0]
        return degreesOfFreedom ? drawStudentT(stream, degreesOfFreedom[0], mean, scale) : drawNormal(stream, mean, scale)
      })
    },
    outcome: ({ outcome }) => outcome,
    withOutcome: (data, outcome) => ({ ...data, outcome, ...sufficientStatistics(data.design, outcome) }),
  })
}

function sumFromSufficientStatistics(values: Values, { origin, gram, moment, sumOfSquares, rowCount }: SufficientStatistics) {
  const shift = tf.sub(coefficientVector(values), origin)
  const quadratic = tf.sum(tf.mul(shift, tf.sub(matrixVector(gram, shift), tf.mul(2, moment))))
  const scaled = tf.div(tf.add(quadratic, sumOfSquares), tf.square(values.sigma))
  return tf.sub(tf.mul(-0.5, scaled), tf.mul(rowCount, tf.log(values.sigma)))
}
