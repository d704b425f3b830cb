import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawExponential } from '../random/exponential.js'
import { positive } from '../transforms/positive.js'
import { type Argument, log } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'exponential',
  argumentNames: ['rate'],
  domains: ['positive'],
  support: positive,
  logProbability: exponentialLogProbability,
  draw: drawExponential,
}

/**
 * Exponential prior with mean 1 / rate.
 * @throws UsageError unless the rate is positive and finite.
 */
export function exponential(rate: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [rate], options)
}

/** Elementwise log density log rate - rate * value at values > 0; arguments broadcast. */
export function exponentialLogProbability(value: Argument, rate: Argument): tf.Tensor {
  return tf.sub(log(rate), tf.mul(value, rate))
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [exponential(1), exponential(0.2)]
