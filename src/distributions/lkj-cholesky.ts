/**
 * LKJ distribution of a k x k correlation matrix R, density proportional to det(R)^(eta - 1), as the distribution of its Cholesky factor L:
 *
 *     log density = sum_{i = 1}^{k - 1} (k - 1 - i + 2 (eta - 1)) log L[i][i] - log c   (rows from 0)
 *     log c = sum_{j = 0}^{k - 2} (k - 1 - j) {(2 b - 1) log 2 + 2 log Gamma(b) - log Gamma(2 b)},   b = eta + (k - 2 - j) / 2
 *
 * with respect to the elements below the diagonal (Lewandowski, Kurowicka and Joe 2009, 10.1016/j.jmva.2009.04.008, equation 16, and the
 * Jacobian prod L[i][i]^(k - 1 - i) of R in L). eta = 1 is uniform over correlation matrices; each correlation is 2 B - 1 with
 * B ~ Beta(eta - 1 + k / 2) on both sides.
 */
import * as tf from '@tensorflow/tfjs'
import type { Distribution, Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { UsageError } from '../errors/usage-error.js'
import { logGamma } from '../numeric/log-gamma.js'
import { drawLkjCholesky } from '../random/lkj-cholesky.js'
import { choleskyCorrelation } from '../transforms/cholesky-correlation.js'
import { checkArguments, requireNumber } from './shared/check-arguments.js'
import { lengths } from './shared/lengths.js'
import { prior } from './shared/prior.js'

/**
 * LKJ prior of the Cholesky factor of a correlation matrix.
 * @param options `shape` must be given, `[k, k]`
 * @throws UsageError unless eta is a positive plain number and the shape is square.
 */
export function lkjCholesky(eta: PriorArgument, options: PriorOptions = {}): Prior {
  const concentration = requireNumber('lkjCholesky', 'eta', eta, 'the normalising constant is computed beforehand')
  checkArguments('lkjCholesky', ['eta'], ['positive'], [concentration])
  const shape = lengths(options.shape ?? [])
  if (shape.length !== 2 || shape[0] !== shape[1])
    throw new UsageError({
      problem: `lkjCholesky cannot have the shape [${shape.join(', ')}]`,
      reason: 'the parameter is the Cholesky factor of a square correlation matrix',
      remedy: 'Give a shape such as { shape: [3, 3] }.',
    })
  const distribution: Distribution = {
    name: 'lkjCholesky',
    argumentNames: ['eta'],
    isProper: true,
    support: choleskyCorrelation,
    logProbability: (value) => lkjCholeskyLogProbability(value, concentration),
    draw: (stream, [size], [values]) => drawLkjCholesky(stream, size, values[0]),
  }
  return prior(distribution, [concentration], options)
}

/**
 * Log density of a Cholesky factor of a correlation matrix.
 * @param value `[k, k]`, lower triangular with rows of length 1
 * @returns scalar
 */
export function lkjCholeskyLogProbability(value: tf.Tensor, eta: number): tf.Tensor {
  const size = value.shape[0]
  const rows = Array.from({ length: size - 1 }, (_, index) => index + 1)
  if (size === 1) return tf.mul(tf.sum(value), 0)
  const diagonal = tf.gather(
    tf.reshape(value, [size * size]),
    tf.tensor1d(
      rows.map((row) => row * size + row),
      'int32',
    ),
  )
  const weights = tf.tensor1d(rows.map((row) => size - 1 - row + 2 * (eta - 1)))
  return tf.sub(tf.sum(tf.mul(tf.log(diagonal), weights)), logNormaliser(size, eta))
}

function logNormaliser(size: number, eta: number): number {
  let sum = 0
  for (let column = 0; column < size - 1; column++) {
    const b = eta + (size - 2 - column) / 2
    sum += (size - 1 - column) * ((2 * b - 1) * Math.LN2 + 2 * logGamma(b) - logGamma(2 * b))
  }
  return sum
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [lkjCholesky(2, { shape: [3, 3] }), lkjCholesky(0.7, { shape: [4, 4] })]
