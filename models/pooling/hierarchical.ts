/**
 * Hierarchical Bayesian meta-analysis of the coefficients of the treatment effect:
 *
 *     b_j | theta_j ~ N(theta_j, S_j),   theta_j ~ N(mu, T),   T = diag(tau) Omega diag(tau)
 *
 * b_j, S_j: estimate and covariance from trial j. The trials' own theta_j are integrated out, b_j ~ N(mu, S_j + T), which leaves no funnel to
 * sample, and are drawn afterwards from their conditional distribution. Three forms of T:
 * - `random-effect`: only the effect at the centre of the covariates varies between trials, interactions are common;
 * - `diagonal`: every coefficient varies, independently;
 * - `unstructured`: with correlations Omega ~ LKJ.
 *
 * Sources: van Houwelingen, Arends and Stijnen 2002 (10.1002/sim.1040); Riley et al. 2020 (10.1002/sim.8516); heterogeneity priors
 * Roever et al. 2021 (10.1002/jrsm.1475); Lewandowski, Kurowicka and Joe 2009 (10.1016/j.jmva.2009.04.008).
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { Prior } from '../../src/contract/distribution.js'
import type { NumericArray } from '../../src/contract/model.js'
import type { PoolingMethod } from '../../src/contract/pooling-method.js'
import type { Stream } from '../../src/contract/stream.js'
import type { TrialEstimate } from '../../src/contract/trial.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { lkjCholesky } from '../../src/distributions/lkj-cholesky.js'
import { normal } from '../../src/distributions/normal.js'
import { type Dimension, type Draws, elementCount, type Variable } from '../../src/draws/draws.js'
import { variable } from '../../src/draws/variable.js'
import { multivariateNormalLogProbability } from '../../src/engine/operations.js'
import { DataError } from '../../src/errors/data-error.js'
import { model } from '../../src/language/model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { choleskyInPlace } from '../../src/numeric/cholesky.js'
import { conditionInPlace } from '../../src/numeric/conditional-normal.js'
import { fillNormal } from '../../src/random/fill-normal.js'

/** Scales are in reference standard deviations of the outcome, interactions per scale unit of the covariate. */
const optionsSchema = z.strictObject({
  heterogeneity: z.enum(['random-effect', 'diagonal', 'unstructured']).default('diagonal'),
  /** Standard deviation of the normal prior of every pooled coefficient. */
  meanScale: z.number().positive().default(10),
  /** Scale of the half-normal prior of the between-trial standard deviations (Roever et al. 2021: 0.5 is weakly informative on this scale). */
  heterogeneityScale: z
    .union([z.number().positive(), z.strictObject({ treatment: z.number().positive(), interaction: z.number().positive() })])
    .default({ treatment: 0.5, interaction: 0.25 }),
  /** Of the LKJ prior; 1 is uniform over correlation matrices, larger values favour small correlations. */
  correlationConcentration: z.number().positive().default(2),
})
export type HierarchicalOptions = z.infer<typeof optionsSchema>

export interface HierarchicalData {
  /** `[trial, coefficient]` */
  readonly estimate: NumericArray
  /** `[trial, coefficient, coefficient]` */
  readonly covariance: NumericArray
  readonly study: Dimension
  readonly coefficient: Dimension
}

/** Coefficients that vary between trials under these options. */
function varyingCount(options: HierarchicalOptions, coefficientCount: number): number {
  return options.heterogeneity === 'random-effect' ? 1 : coefficientCount
}

function heterogeneityScales({ heterogeneityScale: scale }: HierarchicalOptions, count: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    typeof scale === 'number' ? scale : index === 0 ? scale.treatment : scale.interaction,
  )
}

type Values = { readonly [name: string]: tf.Tensor }

/** T `[coefficient, coefficient]` */
function betweenTrialCovariance({ tau, correlationFactor }: Values, size: number): tf.Tensor {
  if (correlationFactor) {
    const factor = tf.mul(tf.reshape(tau, [size, 1]), correlationFactor)
    return tf.matMul(factor, factor, false, true)
  }
  const variances = tf.square(tau)
  const padded = tau.size === size ? variances : tf.pad(variances, [[0, size - tau.size]])
  return tf.mul(padded, tf.eye(size))
}

export function hierarchicalModel(options: HierarchicalOptions) {
  return model({
    name: 'hierarchical',
    parameters: ({ coefficient }: HierarchicalData): Record<string, Prior> => {
      const count = varyingCount(options, coefficient.labels.length)
      const varying = { name: coefficient.name, labels: coefficient.labels.slice(0, count) }
      return {
        mu: normal(0, options.meanScale, { shape: [coefficient] }),
        tau: halfNormal(heterogeneityScales(options, count), { shape: [varying] }),
        ...(isUnstructured(options, count)
          ? { correlationFactor: lkjCholesky(options.correlationConcentration, { shape: [coefficient, coefficient] }) }
          : {}),
      }
    },
    logLikelihood: (values, { estimate, covariance, coefficient }) => {
      const between = betweenTrialCovariance(values, coefficient.labels.length)
      return multivariateNormalLogProbability(tf.sub(estimate, values.mu), tf.add(covariance, between))
    },
    derived: ({ correlationFactor }, { coefficient }) =>
      correlationFactor
        ? {
            Omega: {
              value: tf.matMul(correlationFactor, correlationFactor, false, true),
              dimensions: [coefficient, coefficient],
            },
          }
        : ({} as Record<string, never>),
    simulate: (stream, parameters, { estimate, covariance, coefficient, study }) => {
      const size = coefficient.labels.length
      const factor = covarianceFactor(parameters, size)
      const out = new Float64Array(estimate.values.length)
      for (let trial = 0; trial < study.labels.length; trial++) {
        const error = covariance.values.slice(trial * size * size, (trial + 1) * size * size)
        choleskyInPlace(error, size)
        out.set(addFactor(stream, error, addFactor(stream, factor, parameters.mu)), trial * size)
      }
      return out
    },
    outcome: ({ estimate }) => estimate.values,
    withOutcome: (data, outcome) => ({ ...data, estimate: { values: outcome, shape: data.estimate.shape } }),
    generate: (stream, parameters, data) => {
      const size = data.coefficient.labels.length
      const factor = covarianceFactor(parameters, size)
      return {
        theta: { value: trialCoefficients(stream, parameters.mu, factor, data), dimensions: [data.study, data.coefficient] },
        theta_new: { value: addFactor(stream, factor, parameters.mu), dimensions: [data.coefficient] },
      }
    },
  })
}

function isUnstructured(options: HierarchicalOptions, varyingCoefficients: number): boolean {
  return options.heterogeneity === 'unstructured' && varyingCoefficients > 1
}

/** A factor F of T = F F', lower triangular `[coefficient, coefficient]`; rows of zeros where a coefficient does not vary. */
function covarianceFactor({ tau, correlationFactor }: Record<string, Float64Array>, size: number): Float64Array {
  const factor = new Float64Array(size * size)
  for (let row = 0; row < tau.length; row++)
    for (let column = 0; column <= row; column++) {
      const correlation = correlationFactor ? correlationFactor[row * size + column] : row === column ? 1 : 0
      factor[row * size + column] = tau[row] * correlation
    }
  return factor
}

/** mean + F z with standard normal z. */
function addFactor(stream: Stream, factor: Float64Array, mean: Float64Array): Float64Array {
  const size = mean.length
  const z = fillNormal(stream, new Float64Array(size))
  return mean.map((value, row) => {
    let sum = value
    for (let column = 0; column <= row; column++) sum += factor[row * size + column] * z[column]
    return sum
  })
}

/** Draws of all theta_j given mu and T, `[trial, coefficient]`: prior draws corrected by their distance from the data (Matheron's rule). */
function trialCoefficients(
  stream: Stream,
  mu: Float64Array,
  factor: Float64Array,
  { estimate, covariance, study }: HierarchicalData,
): Float64Array {
  const size = mu.length
  const between = outerProduct(factor, size)
  const workspace = new Float64Array(size * size)
  const out = new Float64Array(study.labels.length * size)
  for (let trial = 0; trial < study.labels.length; trial++) {
    const theta = addFactor(stream, factor, mu)
    const error = covariance.values.slice(trial * size * size, (trial + 1) * size * size)
    choleskyInPlace(error, size)
    const replicate = addFactor(stream, error, theta)
    const residual = replicate.map((value, index) => estimate.values[trial * size + index] - value)
    conditionInPlace(theta, residual, between, covariance.values, workspace, trial * size * size)
    out.set(theta, trial * size)
  }
  return out
}

function outerProduct(factor: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, index) => {
    const [row, column] = [Math.floor(index / size), index % size]
    let sum = 0
    for (let k = 0; k <= Math.min(row, column); k++) sum += factor[row * size + k] * factor[column * size + k]
    return sum
  })
}

/** @throws DataError when a covariance is not positive definite, naming the trial. */
export function hierarchicalData(trials: readonly TrialEstimate[]): HierarchicalData {
  const names = trials[0].coefficientNames
  const size = names.length
  for (const { study, covariance } of trials)
    if (!choleskyInPlace(covariance.slice(), size))
      throw new DataError({
        problem: `the covariance of the coefficients of trial "${study}" is not positive definite`,
        reason: 'its design is singular or nearly so',
        remedy: 'Leave the trial out, drop a covariate that does not vary in it, or use a first-stage model with proper priors.',
      })
  return {
    estimate: { values: Float64Array.from(trials.flatMap((trial) => [...trial.estimate])), shape: [trials.length, size] },
    covariance: {
      values: Float64Array.from(trials.flatMap((trial) => [...trial.covariance])),
      shape: [trials.length, size, size],
    },
    study: { name: 'study', labels: trials.map((trial) => trial.study) },
    coefficient: { name: 'coefficient', labels: names },
  }
}

function describe({
  heterogeneity,
  meanScale,
  heterogeneityScale: scale,
  correlationConcentration,
}: HierarchicalOptions): string {
  const structure = {
    'random-effect': 'a random treatment effect at the centre of the covariates and common interactions',
    diagonal: 'independent random effects on all coefficients',
    unstructured: `correlated random effects on all coefficients (LKJ prior with concentration ${correlationConcentration})`,
  }[heterogeneity]
  const scales = typeof scale === 'number' ? `${scale}` : `${scale.treatment} (treatment) and ${scale.interaction} (interactions)`
  return `a multivariate normal hierarchical model of the trials' coefficients with ${structure}, normal priors with standard deviation ${meanScale} on the pooled coefficients and half-normal priors with scale ${scales} on the between-trial standard deviations (in reference standard deviations of the outcome, covariates on the protocol's scale)`
}

/** tau with a zero for every coefficient that is common to the trials; the other variables as they are. */
function pooledDraws(draws: Draws): Draws {
  const coefficient = variable(draws, 'mu').dimensions[0]
  const varying = elementCount(variable(draws, 'tau'))
  const size = coefficient.labels.length
  const count = draws.chainCount * draws.drawCount
  const variables = ['mu', 'tau', 'Omega', 'theta', 'theta_new'].flatMap((name): Variable[] => {
    const found = draws.variables.find((candidate) => candidate.name === name)
    if (!found) return []
    if (name !== 'tau' || varying === size) return [found]
    const values = new Float64Array(count * size)
    for (let draw = 0; draw < count; draw++) values.set(found.values.subarray(draw * varying, (draw + 1) * varying), draw * size)
    return [{ name, dimensions: [coefficient], values }]
  })
  return { ...draws, variables }
}

export const poolingMethod: PoolingMethod<HierarchicalOptions, HierarchicalData> = {
  name: 'hierarchical',
  takes: 'coefficients',
  summary:
    'hierarchical Bayesian meta-analysis of the coefficients: random effect, diagonal or unstructured between-trial covariance',
  targetAcceptance: 0.95,
  parseOptions: (raw) => parseOptions('secondStage', 'method', optionsSchema, raw),
  describe,
  condition: (trials, options) => ({ model: hierarchicalModel(options), data: hierarchicalData(trials) }),
  pooledDraws,
}
