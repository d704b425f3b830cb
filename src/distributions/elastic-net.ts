import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import type { Stream } from '../contract/stream.js'
import { UsageError } from '../errors/usage-error.js'
import { erfc } from '../numeric/error-function.js'
import { drawExponential } from '../random/exponential.js'
import { drawNormal } from '../random/normal.js'
import { identity } from '../transforms/identity.js'
import { type Argument, log, plus } from './shared/arithmetic.js'
import { type Family, univariatePrior } from './shared/prior.js'

/** Above, the prior is a Laplace one for all purposes. */
const LARGEST_MIXING = 0.99

const family: Family = {
  name: 'elasticNet',
  argumentNames: ['mixing', 'location', 'scale'],
  domains: ['positive', 'real', 'positive'],
  isLocationScale: true,
  support: identity,
  logProbability: (value, mixing, location, scale) => elasticNetLogProbability(value, mixing as number, location, scale),
  draw: (stream, mixing, location, scale) => {
    const magnitude = drawMagnitude(stream, mixing)
    return location + scale * (stream.uniform() < 0.5 ? -magnitude : magnitude)
  },
}

/**
 * Elastic-net prior: for u = (value - location) / scale the density is proportional to exp(-a |u| - (1 - a) u^2 / 2) with mixing a, between
 * normal (a = 0) and Laplace (a = 1). With a fixed the normalising constant is known, so the scale may be a parameter (Li and Lin 2010,
 * 10.1214/10-BA506; Zou and Hastie 2005, 10.1111/j.1467-9868.2005.00503.x).
 * @throws UsageError unless 0 < mixing <= 0.99 and the scale is positive and finite.
 */
export function elasticNet(mixing: number, location: PriorArgument, scale: PriorArgument, options?: PriorOptions): Prior {
  if (!(mixing > 0 && mixing <= LARGEST_MIXING))
    throw new UsageError({
      problem: `elasticNet has mixing ${mixing}`,
      reason: `the share of the absolute value is above 0 and at most ${LARGEST_MIXING}`,
      remedy: 'Use normal for 0 and laplace for 1.',
    })
  return univariatePrior(family, [mixing, location, scale], options)
}

/** Elementwise log density; arguments broadcast. The magnitude of u is a normal variable truncated to the positive numbers. */
export function elasticNetLogProbability(value: Argument, mixing: number, location: Argument, scale: Argument): tf.Tensor {
  const rest = 1 - mixing
  const magnitude = tf.abs(tf.div(tf.sub(value, location), scale))
  const edge = mixing / Math.sqrt(2 * rest)
  const logConstant = 0.5 * Math.log((2 * Math.PI) / rest) + edge * edge + Math.log(erfc(edge))
  const penalty = tf.add(tf.mul(mixing, magnitude), tf.mul(rest / 2, tf.square(magnitude)))
  return tf.neg(tf.add(penalty, plus(log(scale), logConstant)))
}

/** By rejection: from the factor of the density that weighs more, accepted with the value of the other, at most one in three is refused. */
function drawMagnitude(stream: Stream, mixing: number): number {
  const rest = 1 - mixing
  for (;;) {
    const isExponential = mixing > 0.5
    const candidate = isExponential ? drawExponential(stream, mixing) : Math.abs(drawNormal(stream, 0, 1 / Math.sqrt(rest)))
    const logAcceptance = isExponential ? (-rest / 2) * candidate * candidate : -mixing * candidate
    if (stream.uniform() < Math.exp(logAcceptance)) return candidate
  }
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [elasticNet(0.5, 0, 1), elasticNet(0.9, 1, 0.3)]
