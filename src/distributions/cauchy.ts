import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawCauchy } from '../random/cauchy.js'
import { identity } from '../transforms/identity.js'
import { type Argument, log, plus } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'cauchy',
  argumentNames: ['location', 'scale'],
  domains: ['real', 'positive'],
  isLocationScale: true,
  support: identity,
  logProbability: cauchyLogProbability,
  draw: drawCauchy,
}

/**
 * Cauchy prior: location is the median, scale half the distance between the quartiles.
 * @throws UsageError unless numbers are finite and the scale is positive.
 */
export function cauchy(location: PriorArgument, scale: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [location, scale], options)
}

/** Elementwise log density -log(1 + ((value - location) / scale)^2) - log scale - log pi; arguments broadcast. */
export function cauchyLogProbability(value: Argument, location: Argument, scale: Argument): tf.Tensor {
  const standardised = tf.div(tf.sub(value, location), scale)
  return tf.neg(tf.add(tf.log1p(tf.square(standardised)), plus(log(scale), Math.log(Math.PI))))
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [cauchy(0, 1), cauchy(1, 2.5)]
