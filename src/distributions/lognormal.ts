import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawNormal } from '../random/normal.js'
import { positive } from '../transforms/positive.js'
import { normalLogProbability } from './normal.js'
import { type Argument, log } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'lognormal',
  argumentNames: ['location', 'scale'],
  domains: ['real', 'positive'],
  support: positive,
  logProbability: lognormalLogProbability,
  draw: (stream, location, scale) =>
    Math.min(Math.max(Math.exp(drawNormal(stream, location, scale)), Number.MIN_VALUE), Number.MAX_VALUE),
}

/**
 * Prior of exp(x) for x normal with mean `location` and standard deviation `scale`; the median is exp(location).
 * @throws UsageError unless numbers are finite and the scale is positive.
 */
export function lognormal(location: PriorArgument, scale: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [location, scale], options)
}

/** Elementwise log density at values > 0: the normal log density of log value, minus log value; arguments broadcast. */
export function lognormalLogProbability(value: Argument, location: Argument, scale: Argument): tf.Tensor {
  const logValue = log(value)
  return tf.sub(normalLogProbability(logValue, location, scale), logValue)
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [lognormal(0, 1), lognormal(-1, 0.4)]
