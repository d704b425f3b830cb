import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawGamma } from '../random/gamma.js'
import { positive } from '../transforms/positive.js'
import { type Argument, log, logGamma, minus, times } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'gamma',
  argumentNames: ['shape', 'rate'],
  domains: ['positive', 'positive'],
  support: positive,
  logProbability: gammaLogProbability,
  draw: drawGamma,
}

/**
 * Gamma prior with mean shape / rate.
 * @throws UsageError unless shape and rate are positive and finite.
 */
export function gamma(shape: PriorArgument, rate: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [shape, rate], options)
}

/** Elementwise log density shape log rate - log Gamma(shape) + (shape - 1) log value - rate * value at values > 0; arguments broadcast. */
export function gammaLogProbability(value: Argument, shape: Argument, rate: Argument): tf.Tensor {
  const constant = minus(times(shape, log(rate)), logGamma(shape))
  return tf.add(tf.sub(times(minus(shape, 1), log(value)), tf.mul(value, rate)), constant)
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [gamma(2, 0.5), gamma(0.4, 3)]
