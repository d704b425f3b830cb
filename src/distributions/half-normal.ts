import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { standardNormal } from '../random/standard-normal.js'
import { positive } from '../transforms/positive.js'
import { normalLogProbability } from './normal.js'
import type { Argument } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'halfNormal',
  argumentNames: ['scale'],
  domains: ['positive'],
  support: positive,
  logProbability: halfNormalLogProbability,
  draw: (stream, scale) => Math.max(Math.abs(scale * standardNormal(stream)), Number.MIN_VALUE),
}

/**
 * Prior of |x| for x normal with mean 0 and that standard deviation.
 * @throws UsageError unless the scale is positive and finite.
 */
export function halfNormal(scale: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [scale], options)
}

/** Elementwise log density at values > 0: log 2 + the normal log density with mean 0. */
export function halfNormalLogProbability(value: Argument, scale: Argument): tf.Tensor {
  return tf.add(normalLogProbability(value, 0, scale), Math.LN2)
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [halfNormal(1), halfNormal(2.5)]
