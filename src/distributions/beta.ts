import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawBeta } from '../random/beta.js'
import { interval } from '../transforms/interval.js'
import { type Argument, log, logGamma, minus, plus, times } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'beta',
  argumentNames: ['alpha', 'beta'],
  domains: ['positive', 'positive'],
  support: (shape) => interval(shape, 0, 1),
  logProbability: betaLogProbability,
  draw: drawBeta,
}

/**
 * Beta prior on (0, 1) with mean alpha / (alpha + beta).
 * @throws UsageError unless both are positive and finite.
 */
export function beta(alpha: PriorArgument, beta: PriorArgument, options?: PriorOptions): Prior {
  return univariatePrior(family, [alpha, beta], options)
}

/** Elementwise log density (alpha - 1) log value + (beta - 1) log(1 - value) - log B(alpha, beta) at values in (0, 1); arguments broadcast. */
export function betaLogProbability(value: Argument, alpha: Argument, beta: Argument): tf.Tensor {
  const constant = minus(logGamma(plus(alpha, beta)), plus(logGamma(alpha), logGamma(beta)))
  const kernel = plus(times(minus(alpha, 1), log(value)), times(minus(beta, 1), tf.log1p(tf.neg(value))))
  return tf.add(kernel, constant)
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [beta(2, 3), beta(0.5, 0.5)]
