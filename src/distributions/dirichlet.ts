/**
 * Dirichlet distribution on the simplex of k parts, along the last axis of the parameter:
 * log density sum_i (a[i] - 1) log y[i] + log Gamma(sum a) - sum_i log Gamma(a[i]).
 */
import * as tf from '@tensorflow/tfjs'
import type { Distribution, Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import type { Stream } from '../contract/stream.js'
import { UsageError } from '../errors/usage-error.js'
import { drawDirichlet } from '../random/dirichlet.js'
import { simplex } from '../transforms/simplex.js'
import { type Argument, logGamma } from './shared/arithmetic.js'
import { checkArguments } from './shared/check-arguments.js'
import { lengths } from './shared/lengths.js'
import { prior } from './shared/prior.js'

/**
 * Dirichlet prior.
 * @param concentration one number for all parts, or `[k]`
 * @param options `shape` is `[...batch, k]`; when absent `[k]`, from the length of the concentration
 * @throws UsageError unless numbers are positive and finite and k is known and at least 2.
 */
export function dirichlet(concentration: PriorArgument, options: PriorOptions = {}): Prior {
  const shape = options.shape ?? (isArray(concentration) ? [concentration.length] : [])
  const partCount = lengths(shape).at(-1) ?? 0
  checkArguments('dirichlet', ['concentration'], ['positive'], [concentration])
  if (partCount < 2 || (isArray(concentration) && concentration.length !== 1 && concentration.length !== partCount))
    throw new UsageError({
      problem: `dirichlet cannot have ${partCount} parts${isArray(concentration) ? ` and ${concentration.length} concentrations` : ''}`,
      reason: 'a simplex has at least 2 parts, each with its concentration',
      remedy: 'Give an array with one concentration per part, or one number and a shape such as [3].',
    })
  const fixed = typeof concentration === 'number' ? concentration : undefined
  const distribution: Distribution = {
    name: 'dirichlet',
    argumentNames: ['concentration'],
    isProper: true,
    support: simplex,
    logProbability: (value, [given]) => dirichletLogProbability(value, fixed ?? given),
    draw: (stream, shapeDrawn, [values]) => drawEach(stream, shapeDrawn, values),
  }
  return prior(distribution, [concentration], { ...options, shape })
}

/**
 * Log density.
 * @param value `[...batch, k]`, positive parts that sum to 1
 * @param concentration a number, or a tensor of shape `[]`, `[k]` or the value's
 * @returns `[...batch]`
 */
export function dirichletLogProbability(value: tf.Tensor, concentration: Argument): tf.Tensor {
  const partCount = value.shape[value.shape.length - 1]
  const kernel = tf.sum(tf.mul(tf.sub(concentration, 1), tf.log(value)), -1)
  return tf.add(kernel, logNormaliser(concentration, partCount))
}

function logNormaliser(concentration: Argument, partCount: number): Argument {
  if (typeof concentration === 'number')
    return (logGamma(partCount * concentration) as number) - partCount * (logGamma(concentration) as number)
  const parts = tf.mul(concentration, tf.tensor1d(new Array<number>(partCount).fill(1)))
  return tf.sub(logGamma(tf.sum(parts, -1)), tf.sum(logGamma(parts), -1))
}

function drawEach(stream: Stream, shape: readonly number[], concentration: Float64Array): Float64Array {
  const partCount = shape[shape.length - 1]
  const draws = new Float64Array(shape.reduce((product, length) => product * length, 1))
  for (let start = 0; start < draws.length; start += partCount) {
    const offset = concentration.length === draws.length ? start : 0
    const parts = Float64Array.from({ length: partCount }, (_, i) => concentration[concentration.length === 1 ? 0 : offset + i])
    draws.set(drawDirichlet(stream, parts), start)
  }
  return draws
}

function isArray(value: PriorArgument): value is readonly number[] | Float64Array {
  return typeof value === 'object'
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [dirichlet([2, 3, 0.5]), dirichlet(1, { shape: [2, 4] })]
