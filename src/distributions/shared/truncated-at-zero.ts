/**
 * Families of the real line truncated to (0, Infinity), as Stan does for a parameter declared positive, but normalised: the density is divided by
 * the probability F(location / scale) of the positive half. It is 1/2 for location 0, the usual case.
 */
import * as tf from '@tensorflow/tfjs'
import type { PriorArgument } from '../../contract/distribution.js'
import type { Stream } from '../../contract/stream.js'
import { UsageError } from '../../errors/usage-error.js'
import { requireNumber } from './check-arguments.js'

/** Below this a prior has almost nothing of the family left, and draws by rejection take long. */
const LEAST_PROBABILITY = 1e-4

/**
 * Log probability of the positive half.
 * @param others the arguments apart from the location
 * @param distributionFunction of the family with location 0 and scale 1
 * @throws UsageError unless the location is 0 or all arguments are plain numbers.
 */
export function logPositiveHalf(
  family: string,
  location: PriorArgument,
  others: Readonly<Record<string, PriorArgument>>,
  distributionFunction: (standardised: number, others: Readonly<Record<string, number>>) => number,
): number {
  const centre = requireNumber(family, 'location', location, 'the share of the family above 0 must be known beforehand')
  if (centre === 0) return -Math.LN2
  const reason = `with location ${centre} the share of the family above 0 must be known beforehand`
  const numbers = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, requireNumber(family, name, value, reason)]),
  )
  const probability = distributionFunction(centre / numbers.scale, numbers)
  if (probability < LEAST_PROBABILITY)
    throw new UsageError({
      problem: `${family} with location ${centre} and scale ${numbers.scale} is almost wholly below 0`,
      reason: `only a share of ${probability.toExponential(1)} of it is positive`,
      remedy: 'Use a location nearer to 0.',
    })
  return Math.log(probability)
}

/** Divides the density by the probability of the positive half. */
export function truncated(logDensity: tf.Tensor, logProbabilityOfHalf: number): tf.Tensor {
  return tf.sub(logDensity, logProbabilityOfHalf)
}

/** A positive draw: the size of a draw when the family is centred at 0, else the first positive one. */
export function drawPositive(stream: Stream, location: number, draw: (stream: Stream) => number): number {
  if (location === 0) return Math.max(Math.abs(draw(stream)), Number.MIN_VALUE)
  for (;;) {
    const candidate = draw(stream)
    if (candidate > 0) return candidate
  }
}
