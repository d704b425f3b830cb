/**
 * Linear regression of one trial with all treatment-covariate interactions:
 *
 *     y_i = alpha + beta' x_i + delta t_i + gamma' (t_i z_i) + error_i,   error_i ~ N(0, sigma^2)
 *
 * x: prognostic covariates, z: effect modifiers, both scaled by the protocol; the treatment effect of a person is delta + gamma' z. With flat
 * priors on the coefficients the posterior mean is the least-squares estimate. The Gaussian likelihood depends on the data through
 * D'D, D'y and y'y only, so its cost does not grow with the number of patients (Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., ch. 14).
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { Prior } from '../../src/contract/distribution.js'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import type { NumericArray } from '../../src/contract/model.js'
import type { TrialDesign } from '../../src/contract/trial.js'
import { flat } from '../../src/distributions/flat.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { halfStudentT } from '../../src/distributions/half-student-t.js'
import { normal, normalLogProbability } from '../../src/distributions/normal.js'
import { coefficientMoments } from '../../src/draws/coefficient-moments.js'
import type { Dimension, Draws } from '../../src/draws/draws.js'
import { model } from '../../src/language/model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { ordinaryLeastSquares } from '../../src/numeric/ordinary-least-squares.js'
import { treatmentCoefficientNames, trialRegressionDesign } from '../../src/numeric/trial-regression.js'
import { fillNormal } from '../../src/random/fill-normal.js'

/** All scales are in reference standard deviations of the outcome, per scale unit of the covariate. */
const optionsSchema = z.strictObject({
  /** `flat`: improper uniform priors on all coefficients. `normal`: independent normal priors with the scales below, means 0. */
  prior: z.enum(['flat', 'normal']).default('flat'),
  /** 10 is vague and 1 weakly informative for standardised covariates (Gelman et al. 2008, 10.1214/08-AOAS191); used with `normal` only. */
  scales: z
    .strictObject({
      intercept: z.number().positive().default(10),
      prognostic: z.number().positive().default(10),
      treatment: z.number().positive().default(10),
      interaction: z.number().positive().default(1),
    })
    .prefault({}),
  /** Prior of the residual standard deviation; the default is that of brms (Buerkner 2017, 10.18637/jss.v080.i01) up to the scale. */
  residual: z
    .strictObject({
      family: z.enum(['half-student-t', 'half-normal']).default('half-student-t'),
      scale: z.number().positive().default(1),
    })
    .prefault({}),
})
export type LinearOptions = z.infer<typeof optionsSchema>

const RESIDUAL_DEGREES_OF_FREEDOM = 3

export interface LinearData {
  readonly outcome: Float64Array
  /** `[patient, coefficient]`: intercept, prognostic, treatment, interactions. */
  readonly design: NumericArray
  readonly patientCount: number
  readonly covariate: Dimension
  readonly modifier: Dimension
  /** Point about which the sum of squares is expanded: the least-squares estimate, or 0 when that is not unique. `[coefficient]` */
  readonly origin: Float64Array
  /** D'D `[coefficient, coefficient]`, D'(y - D origin) `[coefficient]` and |y - D origin|^2. */
  readonly gram: NumericArray
  readonly moment: Float64Array
  readonly sumOfSquares: number
}

function coefficientPriors(options: LinearOptions, covariate: Dimension, modifier: Dimension): Record<string, Prior> {
  const { intercept, prognostic, treatment, interaction } = options.scales
  const prior = (scale: number, shape: readonly Dimension[]) =>
    options.prior === 'flat' ? flat({ shape }) : normal(0, scale, { shape })
  return {
    alpha: prior(intercept, []),
    ...(covariate.labels.length > 0 ? { beta: prior(prognostic, [covariate]) } : {}),
    delta: prior(treatment, []),
    ...(modifier.labels.length > 0 ? { gamma: prior(interaction, [modifier]) } : {}),
  }
}

function residualPrior({ family, scale }: LinearOptions['residual']): Prior {
  return family === 'half-normal' ? halfNormal(scale) : halfStudentT(RESIDUAL_DEGREES_OF_FREEDOM, 0, scale)
}

type Values = { readonly [name: string]: tf.Tensor }

/** `[coefficient]` in the order of the design's columns. */
function coefficientVector({ alpha, beta, delta, gamma }: Values): tf.Tensor {
  const scalars = (value: tf.Tensor) => tf.reshape(value, [1])
  return tf.concat([scalars(alpha), ...(beta ? [beta] : []), scalars(delta), ...(gamma ? [gamma] : [])])
}

function matrixVector(matrix: tf.Tensor, vector: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.matMul(matrix, tf.reshape(vector, [vector.size, 1])), [matrix.shape[0]])
}

/** The model with these options as a value of the model language. */
export function linearModel(options: LinearOptions) {
  return model({
    name: 'linear',
    parameters: ({ covariate, modifier }: LinearData): Record<string, Prior> => ({
      ...coefficientPriors(options, covariate, modifier),
      sigma: residualPrior(options.residual),
    }),
    logLikelihood: (values, { outcome, design }) =>
      normalLogProbability(outcome, matrixVector(design, coefficientVector(values)), values.sigma),
    logLikelihoodSum: (values, { origin, gram, moment, sumOfSquares, patientCount }) => {
      const shift = tf.sub(coefficientVector(values), origin)
      const quadratic = tf.sum(tf.mul(shift, tf.sub(matrixVector(gram, shift), tf.mul(2, moment))))
      const scaled = tf.div(tf.add(quadratic, sumOfSquares), tf.square(values.sigma))
      return tf.sub(tf.mul(-0.5, scaled), tf.mul(patientCount, tf.log(values.sigma)))
    },
    simulate: (stream, { sigma, ...coefficients }, { design, patientCount }) => {
      const parts = ['alpha', 'beta', 'delta', 'gamma'].flatMap((name) => Array.from(coefficients[name] ?? []))
      const noise = fillNormal(stream, new Float64Array(patientCount))
      return noise.map((error, patient) => {
        const mean = parts.reduce(
          (sum, coefficient, column) => sum + coefficient * design.values[patient * parts.length + column],
          0,
        )
        return mean + sigma[0] * error
      })
    },
    withOutcome: (data, outcome) => ({ ...data, outcome, ...sufficientStatistics(data.design, outcome) }),
  })
}

function sufficientStatistics(
  design: NumericArray,
  outcome: Float64Array,
): Pick<LinearData, 'origin' | 'gram' | 'moment' | 'sumOfSquares'> {
  const [rowCount, size] = design.shape
  const { coefficients } = ordinaryLeastSquares(design.values, outcome)
  const origin = coefficients.every(Number.isFinite) ? coefficients : new Float64Array(size)
  const gram = new Float64Array(size * size)
  const moment = new Float64Array(size)
  let sumOfSquares = 0
  for (let row = 0; row < rowCount; row++) {
    const x = design.values.subarray(row * size, (row + 1) * size)
    let residual = outcome[row]
    for (let column = 0; column < size; column++) residual -= x[column] * origin[column]
    sumOfSquares += residual * residual
    for (let i = 0; i < size; i++) {
      moment[i] += x[i] * residual
      for (let j = 0; j < size; j++) gram[i * size + j] += x[i] * x[j]
    }
  }
  return { origin, gram: { values: gram, shape: [size, size] }, moment, sumOfSquares }
}

export function linearData(trial: TrialDesign): LinearData {
  const { values, coefficientCount } = trialRegressionDesign(trial)
  const design = { values, shape: [trial.outcome.length, coefficientCount] }
  const names = (isWanted: (column: TrialDesign['columns'][number]) => boolean) =>
    trial.columns.filter(isWanted).map((column) => column.name)
  return {
    outcome: trial.outcome,
    design,
    patientCount: trial.outcome.length,
    covariate: { name: 'covariate', labels: names((column) => column.isPrognostic) },
    modifier: { name: 'modifier', labels: names((column) => column.isModifier) },
    ...sufficientStatistics(design, trial.outcome),
  }
}

function describe({ prior, scales, residual }: LinearOptions): string {
  const priors =
    prior === 'flat'
      ? 'flat priors on all coefficients'
      : `independent normal priors with mean 0 and standard deviations ${scales.intercept} (intercept), ${scales.prognostic} (prognostic covariates), ${scales.treatment} (treatment) and ${scales.interaction} (interactions)`
  const family =
    residual.family === 'half-normal' ? 'half-normal' : `half-Student-t (${RESIDUAL_DEGREES_OF_FREEDOM} degrees of freedom)`
  return `a linear regression of the outcome on covariates, treatment and treatment-covariate interactions with normal errors, ${priors}, and a ${family} prior with scale ${residual.scale} on the residual standard deviation (in reference standard deviations of the outcome, covariates on the protocol's scale)`
}

export const firstStageModel: FirstStageModel<LinearOptions, LinearData> = {
  name: 'linear',
  summary: 'linear regression with all treatment-covariate interactions; flat or normal priors',
  targetAcceptance: 0.8,
  parseOptions: (raw) => parseOptions('firstStage', 'model', optionsSchema, raw),
  describe,
  condition: (trial, options) => ({ model: linearModel(options), data: linearData(trial) }),
  estimate: (draws: Draws, trial) => ({
    study: trial.study,
    patientCount: trial.outcome.length,
    coefficientNames: treatmentCoefficientNames(trial),
    ...coefficientMoments(draws, trial.columns.some((column) => column.isModifier) ? ['delta', 'gamma'] : ['delta']),
  }),
}
