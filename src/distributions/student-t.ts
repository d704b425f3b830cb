import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawStudentT } from '../random/student-t.js'
import { identity } from '../transforms/identity.js'
import { type Argument, log, logGamma, minus, plus, times } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'studentT',
  argumentNames: ['degreesOfFreedom', 'location', 'scale'],
  domains: ['positive', 'real', 'positive'],
  isLocationScale: true,
  support: identity,
  logProbability: studentTLogProbability,
  draw: drawStudentT,
}

/**
 * Student t prior; its standard deviation is scale * sqrt(df / (df - 2)) for df > 2.
 * @throws UsageError unless numbers are finite, degrees of freedom and scale positive.
 */
export function studentT(
  degreesOfFreedom: PriorArgument,
  location: PriorArgument,
  scale: PriorArgument,
  options?: PriorOptions,
): Prior {
  return univariatePrior(family, [degreesOfFreedom, location, scale], options)
}

/**
 * Elementwise log density; arguments broadcast. With v degrees of freedom and z = (value - location) / scale it is
 * log Gamma((v + 1) / 2) - log Gamma(v / 2) - log(v pi) / 2 - log scale - (v + 1) / 2 * log(1 + z^2 / v).
 */
export function studentTLogProbability(
  value: Argument,
  degreesOfFreedom: Argument,
  location: Argument,
  scale: Argument,
): tf.Tensor {
  const standardised = tf.div(tf.sub(value, location), scale)
  const halved = times(degreesOfFreedom, 0.5)
  const power = plus(halved, 0.5)
  const logBase = plus(times(plus(log(degreesOfFreedom), Math.log(Math.PI)), 0.5), log(scale))
  const constant = minus(minus(logGamma(power), logGamma(halved)), logBase)
  return tf.sub(constant, tf.mul(tf.log1p(tf.div(tf.square(standardised), degreesOfFreedom)), power))
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [studentT(3, 0, 1), studentT(7.5, -2, 0.5)]
