import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawNormal } from '../random/normal.js'
import { lowerBound } from '../transforms/lower-bound.js'
import { lognormalLogProbability } from './lognormal.js'
import { requireNumber } from './shared/check-arguments.js'
import { univariatePrior } from './shared/prior.js'

/**
 * Prior of shift + exp(x) for x normal with mean `location` and standard deviation `scale`; the median is shift + exp(location).
 * @throws UsageError unless the shift is a finite number, not the name of a parameter, numbers are finite and the scale is positive.
 */
export function shiftedLognormal(
  shiftArgument: PriorArgument,
  location: PriorArgument,
  scale: PriorArgument,
  options?: PriorOptions,
): Prior {
  const shift = requireNumber('shiftedLognormal', 'shift', shiftArgument, 'where the support begins must be known beforehand')
  return univariatePrior(
    {
      name: 'shiftedLognormal',
      argumentNames: ['shift', 'location', 'scale'],
      domains: ['real', 'real', 'positive'],
      support: (shape) => lowerBound(shape, shift),
      logProbability: (value, _, ...rest) => lognormalLogProbability(tf.sub(value, shift), rest[0], rest[1]),
      draw: (stream, from, centre, width) => {
        const value = from + Math.exp(drawNormal(stream, centre, width))
        return Math.min(Math.max(value, from + Number.EPSILON * Math.max(1, Math.abs(from))), Number.MAX_VALUE)
      },
    },
    [shift, location, scale],
    options,
  )
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [shiftedLognormal(0.5, 1, 1), shiftedLognormal(-2, 0, 0.4)]
