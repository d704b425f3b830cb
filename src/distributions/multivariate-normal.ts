/**
 * Multivariate normal distribution along the last axis of the parameter:
 * log density -(y - mean)' S^-1 (y - mean) / 2 - log det(S) / 2 - k log(2 pi) / 2.
 */
import * as tf from '@tensorflow/tfjs'
import type { Distribution, Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import type { Stream } from '../contract/stream.js'
import { multivariateNormalLogProbability } from '../engine/operations.js'
import { choleskyFactor } from '../numeric/positive-definite.js'
import { drawMultivariateNormal } from '../random/multivariate-normal.js'
import { identity } from '../transforms/identity.js'
import { checkArguments, plainNumbers } from './shared/check-arguments.js'
import { constantCovariance, type WhitenedCovariance } from './shared/constant-covariance.js'
import { lengths } from './shared/lengths.js'
import { prior } from './shared/prior.js'

/**
 * Multivariate normal prior.
 * @param mean one number, `[k]`, or what depends on parameters
 * @param covariance `[k, k]` as rows or row-major numbers, or the name or a function of parameters that gives a tensor `[k, k]`. A constant
 * covariance is not among the arguments of the prior but part of its distribution.
 * @param options `shape` is `[...batch, k]`; when absent `[k]`, from the numbers given
 * @throws UsageError when the covariance is not symmetric positive definite or does not fit the shape.
 */
export function multivariateNormal(
  mean: PriorArgument,
  covariance: PriorArgument | readonly (readonly number[])[],
  options: PriorOptions = {},
): Prior {
  checkArguments('multivariateNormal', ['mean'], ['real'], [mean])
  if (typeof covariance === 'string' || typeof covariance === 'function')
    return prior(variable, [mean, covariance], { ...options, shape: options.shape ?? defaultShape(plainNumbers(mean).length) })
  const flat =
    typeof covariance === 'number' ? [covariance] : Array.from(covariance as readonly (number | readonly number[])[]).flat()
  const size = lengths(options.shape ?? []).at(-1) ?? Math.round(Math.sqrt(flat.length))
  return prior(constant(constantCovariance(flat, size)), [mean], { ...options, shape: options.shape ?? [size] })
}

const variable: Distribution = {
  name: 'multivariateNormal',
  argumentNames: ['mean', 'covariance'],
  isProper: true,
  support: identity,
  logProbability: (value, [mean, covariance]) => multivariateNormalLogProbability(tf.sub(value, mean), covariance),
  draw: (stream, shape, [mean, covariance]) => {
    const size = shape[shape.length - 1]
    return drawEach(stream, shape, mean, choleskyFactor(covariance, size))
  },
}

function constant({ factor, whitening, logNormaliser, size }: WhitenedCovariance): Distribution {
  return {
    name: 'multivariateNormal',
    argumentNames: ['mean'],
    isProper: true,
    support: identity,
    logProbability: (value, [mean]) => {
      const residual = tf.reshape(tf.sub(value, mean), [value.size / size, size])
      const white = tf.matMul(residual, tf.tensor2d(whitening, [size, size]), false, true)
      const squares = tf.reshape(tf.sum(tf.square(white), 1), value.shape.slice(0, -1))
      return tf.sub(tf.mul(squares, -0.5), logNormaliser)
    },
    draw: (stream, shape, [mean]) => drawEach(stream, shape, mean, factor),
  }
}

function drawEach(stream: Stream, shape: readonly number[], mean: Float64Array, factor: ArrayLike<number>): Float64Array {
  const size = shape[shape.length - 1]
  const draws = new Float64Array(shape.reduce((product, length) => product * length, 1))
  for (let start = 0; start < draws.length; start += size) {
    const offset = mean.length === draws.length ? start : 0
    const centre = Float64Array.from({ length: size }, (_, i) => mean[mean.length === 1 ? 0 : offset + i])
    draws.set(drawMultivariateNormal(stream, centre, factor), start)
  }
  return draws
}

function defaultShape(size: number): number[] {
  return size > 1 ? [size] : []
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [
  multivariateNormal(
    [1, -1],
    [
      [2, 0.6],
      [0.6, 0.5],
    ],
  ),
  multivariateNormal(0, [1, 0.2, 0, 0.2, 1, 0.3, 0, 0.3, 1], { shape: [2, 3] }),
]
