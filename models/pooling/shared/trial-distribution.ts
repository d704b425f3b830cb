/**
 * Distribution of one trial's coefficients about the average, a mixture of normal distributions given what is sampled:
 *
 * - `normal`: theta_j ~ N(mu, T);
 * - `student-t`: theta_j ~ N(mu, T / w_j), w_j ~ Gamma(nu / 2, nu / 2 - 1), so that T is the covariance of theta_j; a small w_j is a trial that counts little
 *   (Lee and Thompson 2008, 10.1002/sim.2897, with normal scale mixtures);
 * - `contamination`: theta_j ~ (1 - e) N(mu, T) + e N(mu, T + diag(d)^2), with wide d: a trial that agrees badly with the others is taken to
 *   come from the second part and loses its weight (Beath 2014, 10.1002/jrsm.1114). The labels are summed out.
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import type { Stream } from '../../../src/contract/stream.js'
import { beta } from '../../../src/distributions/beta.js'
import { gamma } from '../../../src/distributions/gamma.js'
import type { Dimension } from '../../../src/draws/draws.js'
import { logAddExp } from '../../../src/engine/operations.js'
import { drawGamma } from '../../../src/random/gamma.js'
import {
  betweenTrialCovariance,
  type CovarianceFactor,
  covarianceFactor,
  type Numbers,
  type Values,
} from './between-trial-covariance.js'
import { type HierarchicalOptions, heterogeneityScales } from './hierarchical-options.js'

/** Priors of what the distribution has besides T. */
export function trialDistributionPriors(options: HierarchicalOptions, study: Dimension): Record<string, Prior> {
  switch (options.betweenTrials) {
    case 'normal':
      return {}
    case 'student-t':
      return { trialWeight: gamma(options.degreesOfFreedom / 2, options.degreesOfFreedom / 2 - 1, { shape: [study] }) }
    default:
      return { aberrance: beta(1, 1 / options.aberrant.probability - 1) }
  }
}

/** Further variances of an aberrant trial, `[coefficient]`. */
function aberrantVariances(options: HierarchicalOptions, size: number): number[] {
  return heterogeneityScales(options, size).map((scale) => (options.aberrant.scale * scale) ** 2)
}

/**
 * Log likelihood of every trial, `[trial]`.
 * @param given that of all trials when their coefficients are N(mu, covariance), with one covariance or `[trial, coefficient, coefficient]`
 */
export function trialLogLikelihoods(
  values: Values,
  options: HierarchicalOptions,
  size: number,
  given: (covariance: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const between = betweenTrialCovariance(values, size)
  const { trialWeight, aberrance } = values
  if (trialWeight) return given(tf.div(between, tf.reshape(trialWeight, [trialWeight.size, 1, 1])))
  if (!aberrance) return given(between)
  const wide = tf.add(between, tf.mul(tf.tensor1d(aberrantVariances(options, size)), tf.eye(size)))
  return logAddExp(tf.add(tf.log1p(tf.neg(aberrance)), given(between)), tf.add(tf.log(aberrance), given(wide)))
}

/** A normal part of the mixture at one draw. */
export interface TrialComponent {
  readonly logWeight: number
  readonly factor: CovarianceFactor
}

/** The parts of the distribution of one trial's coefficients, the aberrant one last. */
export function trialComponents(
  parameters: Numbers,
  options: HierarchicalOptions,
  size: number,
  trial: number,
): TrialComponent[] {
  const factor = covarianceFactor(parameters, size)
  const { trialWeight, aberrance } = parameters
  if (trialWeight) return [{ logWeight: 0, factor: scaled(factor, 1 / Math.sqrt(trialWeight[trial])) }]
  if (!aberrance) return [{ logWeight: 0, factor }]
  return [
    { logWeight: Math.log1p(-aberrance[0]), factor },
    { logWeight: Math.log(aberrance[0]), factor: widened(factor, aberrantVariances(options, size)) },
  ]
}

/** A factor of the covariance of coefficients that nothing was observed of: of a new setting, or of a simulated trial. */
export function unseenFactor(
  stream: Stream,
  parameters: Numbers,
  options: HierarchicalOptions,
  size: number,
  what: 'trial' | 'setting',
): CovarianceFactor {
  const factor = covarianceFactor(parameters, size)
  const { degreesOfFreedom, aberrant, betweenTrials } = options
  if (betweenTrials === 'student-t')
    return scaled(factor, 1 / Math.sqrt(drawGamma(stream, degreesOfFreedom / 2, degreesOfFreedom / 2 - 1)))
  if (betweenTrials === 'normal' || (what === 'setting' && aberrant.newSetting === 'typical')) return factor
  return stream.uniform() < parameters.aberrance[0] ? widened(factor, aberrantVariances(options, size)) : factor
}

function scaled({ values, width }: CovarianceFactor, by: number): CovarianceFactor {
  return { values: values.map((value) => value * by), width }
}

/** With further columns for independent deviations. */
function widened({ values, width }: CovarianceFactor, variances: readonly number[]): CovarianceFactor {
  const size = variances.length
  const out = new Float64Array(size * (width + size))
  variances.forEach((variance, row) => {
    out.set(values.subarray(row * width, (row + 1) * width), row * (width + size))
    out[row * (width + size) + width + row] = Math.sqrt(variance)
  })
  return { values: out, width: width + size }
}
