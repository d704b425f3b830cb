/**
 * Linear regression of one trial with all treatment-covariate interactions:
 *
 *     y_i = alpha + beta' x_i + delta t_i + gamma' (t_i z_i) + error_i
 *
 * x: prognostic covariates, z: effect modifiers, both scaled by the protocol; the treatment effect of a person is delta + gamma' z. With flat
 * priors on the coefficients the posterior mean is the least-squares estimate; priors that shrink act on gamma. With normal errors of one
 * variance the likelihood depends on the data through D'D, D'y and y'y only, so its cost does not grow with the number of patients (Gelman et
 * al. 2013, Bayesian Data Analysis, 3rd ed., ch. 14).
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { Prior } from '../../src/contract/distribution.js'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import type { DerivedQuantity, NumericArray } from '../../src/contract/model.js'
import type { TrialDesign } from '../../src/contract/trial.js'
import { flat } from '../../src/distributions/flat.js'
import { gamma as gammaPrior } from '../../src/distributions/gamma.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { halfStudentT } from '../../src/distributions/half-student-t.js'
import { lognormal } from '../../src/distributions/lognormal.js'
import { normal, normalLogProbability } from '../../src/distributions/normal.js'
import { studentTLogProbability } from '../../src/distributions/student-t.js'
import { coefficientMoments } from '../../src/draws/coefficient-moments.js'
import type { Dimension, Draws } from '../../src/draws/draws.js'
import { coefficientEffects } from '../../src/effects/coefficient-effects.js'
import { model } from '../../src/language/model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { ordinaryLeastSquares } from '../../src/numeric/ordinary-least-squares.js'
import { treatmentCoefficientNames, trialRegressionDesign } from '../../src/numeric/trial-regression.js'
import { drawNormal } from '../../src/random/normal.js'
import { drawStudentT } from '../../src/random/student-t.js'
import { chosenPrior } from '../coefficient-priors.js'

/** All scales are in reference standard deviations of the outcome, per scale unit of the covariate. */
const optionsSchema = z.strictObject({
  /** Of the interactions: a name, or an object with a name and options, see `models/priors`. */
  prior: z.union([z.string(), z.looseObject({ name: z.string() })]).default('flat'),
  /** `covariates`: the prior holds for the prognostic coefficients too, with a scale of their own. */
  appliesTo: z.enum(['interactions', 'covariates']).default('interactions'),
  /** Standard deviations of the normal priors, with means 0, of the other coefficients. 10 is vague for standardised data; not used when `prior` is flat. */
  scales: z
    .strictObject({
      intercept: z.number().positive().default(10),
      prognostic: z.number().positive().default(10),
      treatment: z.number().positive().default(10),
    })
    .prefault({}),
  /** `student-t` errors are robust to outliers; their degrees of freedom have a gamma(2, 0.1) prior (Juarez and Steel 2010, 10.1198/jbes.2009.07145). */
  errors: z
    .strictObject({
      family: z.enum(['normal', 'student-t']).default('normal'),
      /** A residual standard deviation for each arm. */
      byArm: z.boolean().default(false),
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
  /** 0 control, 1 treated. `[patient]` */
  readonly treatment: Float64Array
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

/** The residual scale comes before the coefficients: some priors are relative to it. */
function parameterPriors(options: LinearOptions, { covariate, modifier, patientCount }: LinearData): Record<string, Prior> {
  const { scales, appliesTo, errors } = options
  const { prior, options: priorOptions } = chosenPrior(options.prior)
  const isFlat = prior.name === 'flat'
  const vague = (scale: number, shape: readonly Dimension[]) => (isFlat ? flat({ shape }) : normal(0, scale, { shape }))
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
      const parts = ['alpha', 'beta', 'delta', 'gamma'].flatMap((name) => Array.from(coefficients[name] ?? []))
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

interface SufficientStatistics {
  readonly origin: tf.Tensor
  readonly gram: tf.Tensor
  readonly moment: tf.Tensor
  readonly sumOfSquares: number
  readonly patientCount: number
}

function sumFromSufficientStatistics(values: Values, { origin, gram, moment, sumOfSquares, patientCount }: SufficientStatistics) {
  const shift = tf.sub(coefficientVector(values), origin)
  const quadratic = tf.sum(tf.mul(shift, tf.sub(matrixVector(gram, shift), tf.mul(2, moment))))
  const scaled = tf.div(tf.add(quadratic, sumOfSquares), tf.square(values.sigma))
  return tf.sub(tf.mul(-0.5, scaled), tf.mul(patientCount, tf.log(values.sigma)))
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
    treatment: trial.treatment,
    design,
    patientCount: trial.outcome.length,
    covariate: { name: 'covariate', labels: names((column) => column.isPrognostic) },
    modifier: { name: 'modifier', labels: names((column) => column.isModifier) },
    ...sufficientStatistics(design, trial.outcome),
  }
}

function describe({ prior: choice, appliesTo, scales, errors, residual }: LinearOptions): string {
  const { prior, options } = chosenPrior(choice)
  const { intercept, prognostic, treatment } = scales
  const shrunken = prior.describe(options)
  const where = appliesTo === 'covariates' ? 'the interactions and the prognostic covariates' : 'the interactions'
  const others =
    appliesTo === 'covariates'
      ? `${intercept} (intercept) and ${treatment} (treatment)`
      : `${intercept} (intercept), ${prognostic} (prognostic covariates) and ${treatment} (treatment)`
  const priors =
    prior.name === 'flat'
      ? 'flat priors on all coefficients'
      : `${shrunken} on ${where}, normal priors with mean 0 and standard deviations ${others} on the other coefficients`
  const errorFamily = errors.family === 'normal' ? 'normal' : 'Student-t'
  const arms = errors.byArm ? ' with a standard deviation for each arm' : ''
  const family =
    residual.family === 'half-normal' ? 'half-normal' : `half-Student-t (${RESIDUAL_DEGREES_OF_FREEDOM} degrees of freedom)`
  return `a linear regression of the outcome on covariates, treatment and treatment-covariate interactions with ${errorFamily} errors${arms}, ${priors}, and a ${family} prior with scale ${residual.scale} on the residual standard deviation (in reference standard deviations of the outcome, covariates on the protocol's scale)`
}

const coefficientVariables = ({ columns }: TrialDesign) =>
  columns.some((column) => column.isModifier) ? ['delta', 'gamma'] : ['delta']

export const firstStageModel: FirstStageModel<LinearOptions, LinearData> = {
  name: 'linear',
  summary: 'linear regression with all treatment-covariate interactions; flat priors, or priors that shrink the interactions',
  targetAcceptance: ({ prior }) => chosenPrior(prior).prior.targetAcceptance,
  parseOptions: (raw) => {
    const given = parseOptions('firstStage', 'model', optionsSchema, raw)
    const { prior, options } = chosenPrior(given.prior)
    return { ...given, prior: { name: prior.name, ...options } }
  },
  describe,
  condition: (trial, options) => ({ model: linearModel(options), data: linearData(trial) }),
  estimate: (draws: Draws, trial) => ({
    study: trial.study,
    patientCount: trial.outcome.length,
    coefficientNames: treatmentCoefficientNames(trial),
    ...coefficientMoments(draws, coefficientVariables(trial)),
  }),
  effects: (draws, trial) => coefficientEffects(draws, coefficientVariables(trial)),
}
