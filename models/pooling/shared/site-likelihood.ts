/**
 * What the trials say about their coefficients theta_j, in one of two forms:
 *
 * - `normal`: b_j | theta_j ~ N(theta_j, S_j);
 * - `draws`: the density of theta_j given the trial's own data is a mixture of normal kernels at its posterior draws, sum_s w_js N(theta_j; m_js, h^2 S_j), with
 *   the mean and the covariance of all draws (West 1993, 10.1111/j.2517-6161.1993.tb01911.x). With h = 1 it is the normal form, with many draws and small
 *   h the exact two-stage analysis (Lunn, Barrett, Sweeting and Thompson 2013, 10.1111/rssc.12007), whose proposals are the same draws.
 *
 * In both theta_j ~ N(mu, B) is integrated out: b_j ~ N(mu, S_j + B), or sum_s w_js N(m_js; mu, h^2 S_j + B). Of a trial that lacks coefficients (METHOD 3a) only
 * the others count, M b_j ~ N(M mu, S_j + M B M'): the missing ones have residual 0, variance 1 and no covariances, which leaves determinant and quadratic form as they are.
 */
import * as tf from '@tensorflow/tfjs'
import type { NumericArray } from '../../../src/contract/model.js'
import type { Stream } from '../../../src/contract/stream.js'
import type { Dimension } from '../../../src/draws/draws.js'
import { cholesky, logSumExp, multivariateNormalLogProbability, triangularSolve } from '../../../src/engine/operations.js'
import { choleskyInPlace, logDeterminantOfCholesky } from '../../../src/numeric/cholesky.js'
import { conditionInPlace } from '../../../src/numeric/conditional-normal.js'
import { drawCategorical } from '../../../src/random/categorical.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import type { CovarianceFactor } from './between-trial-covariance.js'
import type { TrialComponent } from './trial-distribution.js'

export interface HierarchicalData {
  /** b_j, `[trial, coefficient]` */
  readonly estimate: NumericArray
  /** S_j, or h^2 S_j where there are kernels. `[trial, coefficient, coefficient]` */
  readonly covariance: NumericArray
  readonly study: Dimension
  readonly coefficient: Dimension
  /** Over all trials; some priors of the interactions lean on it. */
  readonly patientCount?: number
  /** m_js - b_j, for the form `draws`. `[trial, coefficient, kernel]` */
  readonly deviation?: NumericArray
  /** log w_js. `[trial, kernel]` */
  readonly logWeight?: NumericArray
  /** 1 for the coefficients that a trial has, otherwise 0, `[trial, coefficient]`; absent when all have all. Estimates and deviations are 0 where this is. */
  readonly observed?: NumericArray
}

/** Numeric arrays of the data as tensors. */
export interface SiteTensors {
  readonly estimate: tf.Tensor
  readonly covariance: tf.Tensor
  readonly deviation?: tf.Tensor
  readonly logWeight?: tf.Tensor
  readonly observed?: tf.Tensor
}

const LOG_TWO_PI = Math.log(2 * Math.PI)

/**
 * Log likelihood of every trial whose coefficients are N(mu, between), `[trial]`.
 * @param between `[coefficient, coefficient]` or `[trial, coefficient, coefficient]`
 */
export function siteLogLikelihood(mu: tf.Tensor, between: tf.Tensor, data: SiteTensors): tf.Tensor {
  const { observed } = data
  if (!observed) return observedLogLikelihood(tf.sub(data.estimate, mu), between, data)
  const residual = tf.mul(tf.sub(data.estimate, mu), observed)
  const masked = tf.mul(tf.mul(between, tf.expandDims(observed, 1)), tf.expandDims(observed, 2))
  const missingCount = tf.sum(tf.sub(1, observed), 1)
  return tf.add(observedLogLikelihood(residual, masked, data), tf.mul(LOG_TWO_PI / 2, missingCount))
}

function observedLogLikelihood(residual: tf.Tensor, between: tf.Tensor, data: SiteTensors): tf.Tensor {
  const { estimate, covariance, deviation, logWeight } = data
  const total = tf.add(covariance, between)
  if (!deviation || !logWeight) return multivariateNormalLogProbability(residual, total)
  const [, size] = estimate.shape
  const factor = cholesky(total)
  const whitened = triangularSolve(factor, tf.add(deviation, tf.expandDims(residual, -1)))
  const kernels = logSumExp(tf.sub(logWeight, tf.mul(0.5, tf.sum(tf.square(whitened), 1))), 1)
  const diagonal = tf.sum(tf.mul(factor, tf.eye(size)), -1)
  return tf.sub(kernels, tf.add(tf.sum(tf.log(diagonal), -1), (size * LOG_TWO_PI) / 2))
}

/** mean + F z with standard normal z. */
export function addFactor(stream: Stream, { values, width }: CovarianceFactor, mean: Float64Array): Float64Array {
  const z = fillNormal(stream, new Float64Array(width))
  return mean.map((value, row) => {
    let sum = value
    for (let column = 0; column < width; column++) sum += values[row * width + column] * z[column]
    return sum
  })
}

/** Cholesky factors of S_j or h^2 S_j with zeros above the diagonal, `[trial]`; made once for all draws of a fit. */
export function errorFactors({ covariance, estimate }: HierarchicalData): CovarianceFactor[] {
  const known = factorsOf.get(covariance.values)
  if (known) return known
  const [trials, size] = estimate.shape
  const made = Array.from({ length: trials }, (_, trial) => {
    const values = covariance.values.slice(trial * size * size, (trial + 1) * size * size)
    choleskyInPlace(values, size)
    for (let row = 0; row < size; row++) values.fill(0, row * size + row + 1, (row + 1) * size)
    return { values, width: size }
  })
  factorsOf.set(covariance.values, made)
  return made
}
const factorsOf = new WeakMap<Float64Array, CovarianceFactor[]>()

/** F F' `[size, size]` */
export function outerProduct({ values, width }: CovarianceFactor): Float64Array {
  const size = values.length / width
  const out = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let k = 0; k < width; k++) sum += values[row * width + k] * values[column * width + k]
      out[row * size + column] = out[column * size + row] = sum
    }
  return out
}

/** B over the coefficients that the trial has, and 0 elsewhere. */
function observedCovariance({ observed }: HierarchicalData, trial: number, between: Float64Array): Float64Array {
  if (!observed) return between
  const size = observed.shape[1]
  const own = observed.values.subarray(trial * size, (trial + 1) * size)
  return between.map((value, at) => value * own[Math.floor(at / size)] * own[at % size])
}

const isObserved = ({ observed }: HierarchicalData, trial: number, coefficient: number): boolean =>
  observed === undefined || observed.values[trial * observed.shape[1] + coefficient] === 1

const kernelCount = ({ deviation }: HierarchicalData) => (deviation ? deviation.shape[2] : 1)

/** m_js, `[coefficient]` */
function centreOf({ estimate, deviation }: HierarchicalData, trial: number, kernel: number): Float64Array {
  const size = estimate.shape[1]
  const centre = estimate.values.slice(trial * size, (trial + 1) * size)
  if (!deviation) return centre
  const count = deviation.shape[2]
  return centre.map((value, row) => value + deviation.values[(trial * size + row) * count + kernel])
}

/** Log of w_js times the density of m_js under N(mu, errors + between), up to a constant, `[kernel]`. */
function logEvidence(data: HierarchicalData, trial: number, mu: Float64Array, between: Float64Array): Float64Array {
  const { estimate, covariance, logWeight } = data
  const deviations = data.deviation?.values
  const size = mu.length
  const count = kernelCount(data)
  const total = observedCovariance(data, trial, between).map(
    (value, index) => value + covariance.values[trial * size * size + index],
  )
  if (!choleskyInPlace(total, size)) return new Float64Array(count).fill(Number.NaN)
  const evidence = new Float64Array(count).fill(-0.5 * logDeterminantOfCholesky(total, size))
  const whitened = new Float64Array(size * count)
  for (let row = 0; row < size; row++) {
    const residual = isObserved(data, trial, row) ? estimate.values[trial * size + row] - mu[row] : 0
    const pivot = total[row * size + row]
    const first = (trial * size + row) * count
    for (let kernel = 0; kernel < count; kernel++) {
      let sum = deviations ? residual + deviations[first + kernel] : residual
      for (let k = 0; k < row; k++) sum -= total[row * size + k] * whitened[k * count + kernel]
      const value = sum / pivot
      whitened[row * count + kernel] = value
      evidence[kernel] -= 0.5 * value * value
    }
  }
  if (logWeight) for (let kernel = 0; kernel < count; kernel++) evidence[kernel] += logWeight.values[trial * count + kernel]
  return evidence
}

/** A draw of one trial's coefficients given the data, and how it came about. */
export interface TrialDraw {
  /** `[coefficient]` */
  readonly theta: Float64Array
  /** Probability of each part of the trial's distribution given the data. */
  readonly componentProbabilities: Float64Array
}

/** Log of the probability of each part of the trial's distribution times the density of each kernel under it, up to a constant. `[part, kernel]` */
export function kernelLogDensities(
  mu: Float64Array,
  components: readonly TrialComponent[],
  data: HierarchicalData,
  trial: number,
): Float64Array {
  const kernels = kernelCount(data)
  const logDensities = new Float64Array(components.length * kernels)
  components.forEach(({ factor, logWeight }, part) => {
    const evidence = logEvidence(data, trial, mu, outerProduct(factor))
    for (let kernel = 0; kernel < kernels; kernel++) logDensities[part * kernels + kernel] = evidence[kernel] + logWeight
  })
  return logDensities
}

/** Densities scaled to add up to 1, and the logarithm of what they added up to. */
export function normalisedDensities(logDensities: Float64Array): {
  readonly probabilities: Float64Array
  readonly logSum: number
} {
  let most = -Infinity
  for (const value of logDensities) if (value > most) most = value
  const probabilities = new Float64Array(logDensities.length)
  let total = 0
  for (let at = 0; at < logDensities.length; at++) {
    const distance = logDensities[at] - most
    if (distance > NEGLIGIBLE) total += probabilities[at] = Math.exp(distance)
  }
  for (let at = 0; at < probabilities.length; at++) probabilities[at] /= total
  return { probabilities, logSum: most + Math.log(total) }
}
/** Its exponential is lost beside 1 in float64, whatever thousands of them there are. */
const NEGLIGIBLE = -50

/** Draws theta_j given mu and the parts of its distribution: part and kernel by their probabilities, then a normal draw by Matheron's rule. */
export function drawTrial(
  stream: Stream,
  mu: Float64Array,
  components: readonly TrialComponent[],
  data: HierarchicalData,
  trial: number,
): TrialDraw {
  if (components.length * kernelCount(data) === 1)
    return {
      theta: conditionalDraw(stream, mu, components[0].factor, data, trial, 0),
      componentProbabilities: Float64Array.of(1),
    }
  const { probabilities } = normalisedDensities(kernelLogDensities(mu, components, data, trial))
  return drawTrialAmong(stream, probabilities, mu, components, data, trial)
}

/** @param probabilities of each part of the trial's distribution with each kernel, given the data. `[part, kernel]` */
export function drawTrialAmong(
  stream: Stream,
  probabilities: Float64Array,
  mu: Float64Array,
  components: readonly TrialComponent[],
  data: HierarchicalData,
  trial: number,
): TrialDraw {
  const kernels = kernelCount(data)
  const index = drawCategorical(stream, probabilities)
  return {
    theta: conditionalDraw(stream, mu, components[Math.floor(index / kernels)].factor, data, trial, index % kernels),
    componentProbabilities: Float64Array.from(components, (_, part) =>
      probabilities.subarray(part * kernels, (part + 1) * kernels).reduce((sum, probability) => sum + probability, 0),
    ),
  }
}

/** A prior draw corrected by its distance from the data. */
function conditionalDraw(
  stream: Stream,
  mu: Float64Array,
  factor: CovarianceFactor,
  data: HierarchicalData,
  trial: number,
  kernel: number,
): Float64Array {
  const size = mu.length
  const theta = addFactor(stream, factor, mu)
  const replicate = addFactor(stream, errorFactors(data)[trial], theta)
  const residual = centreOf(data, trial, kernel).map((value, row) => (isObserved(data, trial, row) ? value - replicate[row] : 0))
  const between = outerProduct(factor)
  const workspace = new Float64Array(size * size)
  const offset = trial * size * size
  if (!data.observed) {
    conditionInPlace(theta, residual, between, data.covariance.values, workspace, offset)
    return theta
  }
  // B enters the variance of what was observed, and carries it over to what was not.
  const seen = observedCovariance(data, trial, between)
  const errors = between.map((value, at) => data.covariance.values[offset + at] + seen[at] - value)
  conditionInPlace(theta, residual, between, errors, workspace)
  return theta
}

/** A replicate of b_j given theta_j. `[coefficient]` */
export function replicateEstimate(stream: Stream, theta: Float64Array, data: HierarchicalData, trial: number): Float64Array {
  const replicate = addFactor(stream, errorFactors(data)[trial], theta).map((value, row) =>
    isObserved(data, trial, row) ? value : 0,
  )
  if (!data.deviation || !data.logWeight) return replicate
  const size = theta.length
  const count = kernelCount(data)
  const kernel = drawCategorical(stream, data.logWeight.values.subarray(trial * count, (trial + 1) * count).map(Math.exp))
  return replicate.map((value, row) => value - data.deviation!.values[(trial * size + row) * count + kernel])
}
