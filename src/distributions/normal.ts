import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawNormal } from '../random/normal.js'
import { identity } from '../transforms/identity.js'
import { type Argument, log, plus } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)

const family: Family = {
  name: 'normal',
  argumentNames: ['mean', 'scale'],
  domains: ['real', 'positive'],
  isLocationScale: true,
  support: identity,
  logProbability: normalLogProbability,
  draw: drawNormal,
}

/**
 * Normal prior with that mean and standard deviation.
 * @throws UsageError unless numbers are finite and the scale is positive.
 */
export function normal(mean: PriorArgument, scale: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [mean, scale], options)
}

/** Elementwise log density -((value - mean) / scale)^2 / 2 - log scale - log(2 pi) / 2; arguments broadcast. */
export function normalLogProbability(value: Argument, mean: Argument, scale: Argument): tf.Tensor {
  const standardised = tf.div(tf.sub(value, mean), scale)
  return tf.sub(tf.mul(tf.square(standardised), -0.5), plus(log(scale), HALF_LOG_TWO_PI))
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [normal(0, 1), normal(3, 0.5)]
