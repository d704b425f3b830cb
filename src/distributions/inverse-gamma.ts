import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawGamma } from '../random/gamma.js'
import { positive } from '../transforms/positive.js'
import { type Argument, log, logGamma, minus, plus, times } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'inverseGamma',
  argumentNames: ['shape', 'scale'],
  domains: ['positive', 'positive'],
  support: positive,
  logProbability: inverseGammaLogProbability,
  draw: (stream, shape, scale) => Math.min(1 / drawGamma(stream, shape, scale), Number.MAX_VALUE),
}

/**
 * Prior of 1 / x for x gamma with that shape and rate `scale`; mean scale / (shape - 1) for shape > 1.
 * @throws UsageError unless shape and scale are positive and finite.
 */
export function inverseGamma(shape: PriorArgument, scale: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [shape, scale], options)
}

/** Elementwise log density shape log scale - log Gamma(shape) - (shape + 1) log value - scale / value at values > 0; arguments broadcast. */
export function inverseGammaLogProbability(value: Argument, shape: Argument, scale: Argument): tf.Tensor {
  const constant = minus(times(shape, log(scale)), logGamma(shape))
  return tf.sub(tf.sub(constant, times(plus(shape, 1), log(value))), tf.div(scale, value))
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [inverseGamma(3, 2), inverseGamma(0.5, 1)]
