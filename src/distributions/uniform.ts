import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { UsageError } from '../errors/usage-error.js'
import { interval } from '../transforms/interval.js'
import { type Argument, log, minus } from './shared/arithmetic.js'
import { requireNumber } from './shared/check-arguments.js'
import { univariatePrior } from './shared/prior.js'

/**
 * Uniform prior on (lower, upper).
 * @throws UsageError unless both are finite plain numbers and lower < upper.
 */
export function uniform(lower: PriorArgument, upper: PriorArgument, options?: PriorOptions): Prior {
  const reason = 'the bounds decide how the parameter is mapped to the real line and cannot depend on parameters'
  const from = requireNumber('uniform', 'lower', lower, reason)
  const to = requireNumber('uniform', 'upper', upper, reason)
  if (from >= to)
    throw new UsageError({ problem: `uniform(${from}, ${to}) has no values`, remedy: 'Give the smaller bound first.' })
  return univariatePrior(
    {
      name: 'uniform',
      argumentNames: ['lower', 'upper'],
      domains: ['real', 'real'],
      support: (shape) => interval(shape, from, to),
      logProbability: uniformLogProbability,
      draw: (stream, a, b) => insideInterval(a + (b - a) * stream.uniform(), a, b),
    },
    [from, to],
    options,
  )
}

/** Elementwise log density -log(upper - lower) at values between the bounds, which are not checked; arguments broadcast. */
export function uniformLogProbability(value: Argument, lower: Argument, upper: Argument): tf.Tensor {
  return tf.sub(tf.mul(value, 0), log(minus(upper, lower)))
}

/** A draw that rounding put on a bound becomes the middle of the interval: the bounds have probability zero. */
function insideInterval(draw: number, lower: number, upper: number): number {
  return draw > lower && draw < upper ? draw : lower + (upper - lower) / 2
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [uniform(0, 1), uniform(-3, 5)]
