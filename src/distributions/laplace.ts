import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawLaplace } from '../random/laplace.js'
import { identity } from '../transforms/identity.js'
import { type Argument, log, plus } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'laplace',
  argumentNames: ['location', 'scale'],
  domains: ['real', 'positive'],
  isLocationScale: true,
  support: identity,
  logProbability: laplaceLogProbability,
  draw: drawLaplace,
}

/**
 * Laplace (double exponential) prior, standard deviation scale * sqrt(2).
 * @throws UsageError unless numbers are finite and the scale is positive.
 */
export function laplace(location: PriorArgument, scale: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [location, scale], options)
}

/** Elementwise log density -|value - location| / scale - log(2 scale); arguments broadcast. */
export function laplaceLogProbability(value: Argument, location: Argument, scale: Argument): tf.Tensor {
  return tf.neg(tf.add(tf.div(tf.abs(tf.sub(value, location)), scale), plus(log(scale), Math.LN2)))
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [laplace(0, 1), laplace(-1, 0.3)]
