import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import type { Stream } from '../contract/stream.js'
import { inverseMillsRatio, logNormalCdf } from '../numeric/normal-cdf.js'
import { drawExponential } from '../random/exponential.js'
import { drawNormal } from '../random/normal.js'
import { positive } from '../transforms/positive.js'
import { requireNumber } from './shared/check-arguments.js'
import { univariatePrior } from './shared/prior.js'

const KNOWN_BEFOREHAND = 'the share of the normal distribution above 0 must be known beforehand'

/**
 * Prior of a normal variable with that location and scale given that it is positive. The location may be far below 0, where it is nearly an
 * exponential prior.
 * @throws UsageError unless location and scale are finite numbers, not names of parameters, and the scale is positive.
 */
export function truncatedNormal(locationArgument: PriorArgument, scaleArgument: PriorArgument, options?: PriorOptions): Prior {
  const location = requireNumber('truncatedNormal', 'location', locationArgument, KNOWN_BEFOREHAND)
  const scale = requireNumber('truncatedNormal', 'scale', scaleArgument, KNOWN_BEFOREHAND)
  const logConstant = logDensityAtZero(location / scale) - Math.log(scale)
  return univariatePrior(
    {
      name: 'truncatedNormal',
      argumentNames: ['location', 'scale'],
      domains: ['real', 'positive'],
      support: positive,
      logProbability: (value) => tf.sub(logConstant, tf.div(tf.mul(value, tf.sub(value, 2 * location)), 2 * scale * scale)),
      draw: (stream, centre, width) => Math.max(width * drawAbove(stream, -centre / width) + centre, Number.MIN_VALUE),
    },
    [location, scale],
    options,
  )
}

/** Of a normal variable with that mean and standard deviation 1, given that it is positive: log phi(mean) / Phi(mean), far below 0 too. */
function logDensityAtZero(mean: number): number {
  return mean < 0 ? Math.log(inverseMillsRatio(mean)) : -(mean * mean + Math.log(2 * Math.PI)) / 2 - logNormalCdf(mean)
}

/** A standard normal variable given that it exceeds a bound; in the tail by rejection from an exponential one (Robert 1995, 10.1007/BF00143942). */
function drawAbove(stream: Stream, bound: number): number {
  const rate = (bound + Math.sqrt(bound * bound + 4)) / 2
  for (;;) {
    if (bound <= 0) {
      const candidate = drawNormal(stream, 0, 1)
      if (candidate > bound) return candidate
    } else {
      const candidate = bound + drawExponential(stream, rate)
      if (stream.uniform() < Math.exp(-((candidate - rate) ** 2) / 2)) return candidate
    }
  }
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [truncatedNormal(1, 0.5), truncatedNormal(-1, 1), truncatedNormal(-1, 0.1)]
