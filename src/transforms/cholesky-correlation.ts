/**
 * R^(k(k-1)/2) onto Cholesky factors L of k x k correlation matrices, by canonical partial correlations z = tanh(x), filled row by row:
 *
 *     L[i][j] = z[i][j] c[i][j],   L[i][i] = c[i][i],   c[i][j] = prod_{m < j} sqrt(1 - z[i][m]^2)
 *
 * (Lewandowski, Kurowicka and Joe 2009, 10.1016/j.jmva.2009.04.008; Stan Reference Manual, "Cholesky factors of correlation matrices").
 * With h = log sqrt(1 - z^2) = log sech x = x + log 2 - softplus(2x), finite where tanh has rounded to 1, the log Jacobian is
 * sum_{j < i} (sum_{m < j} h[i][m] + 2 h[i][j]) = sum_{j < i} (i - j + 1) h[i][j].
 */
import * as tf from '@tensorflow/tfjs'
import type { Transform } from '../contract/transform.js'
import { UsageError } from '../errors/usage-error.js'
import { outsideSupport } from './shared/outside-support.js'

/** @param shape `[k, k]`; the unconstrained shape is `[k (k - 1) / 2]`. */
export function choleskyCorrelation(shape: readonly number[]): Transform {
  const [size, columns] = shape
  if (shape.length !== 2 || size !== columns)
    throw new UsageError({
      problem: `a correlation matrix cannot have the shape [${shape.join(', ')}]`,
      reason: 'it has two axes of the same length',
      remedy: 'Declare the parameter with a shape such as [3, 3].',
    })
  const weights = rowsBelowDiagonal(size).flatMap((row) => row.map((column) => row.length - column + 1))
  const scatter = scatterIndices(size)
  /** `[k, k]` from `[k (k - 1) / 2]`, with 0 above the diagonal and `diagonal` on it. */
  const toMatrix = (packed: tf.Tensor, diagonal: 0 | 1): tf.Tensor =>
    tf.reshape(tf.gather(tf.concat([packed, tf.tensor1d([0, diagonal])]), tf.tensor1d(scatter, 'int32')), [size, size])
  return {
    name: 'cholesky-correlation',
    unconstrainedShape: [weights.length],
    constrainedShape: shape,
    constrain: (x) => {
      if (size === 1) return tf.tensor2d([[1]])
      const logRemaining = tf.cumsum(toMatrix(logSech(x), 0), 1, true)
      return tf.mul(toMatrix(tf.tanh(x), 1), tf.exp(logRemaining))
    },
    logJacobian: (x) => (size === 1 ? undefined : tf.sum(tf.mul(logSech(x), tf.tensor1d(weights)))),
    unconstrain: (factor) => partialCorrelations(factor, size),
  }
}

function logSech(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.add(x, Math.LN2), tf.softplus(tf.mul(x, 2)))
}

/** For each row the columns left of the diagonal. */
function rowsBelowDiagonal(size: number): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from({ length: row }, (_, column) => column))
}

/** For each element of the matrix its place in the packed vector followed by one element for the upper triangle and one for the diagonal. */
function scatterIndices(size: number): number[] {
  const packedLength = (size * (size - 1)) / 2
  return Array.from({ length: size * size }, (_, element) => {
    const row = Math.floor(element / size)
    const column = element % size
    if (column > row) return packedLength
    return column === row ? packedLength + 1 : (row * (row - 1)) / 2 + column
  })
}

const NORM_TOLERANCE = 1e-8

function partialCorrelations(factor: Float64Array, size: number): Float64Array {
  return Float64Array.from(
    rowsBelowDiagonal(size).flatMap((_, row) => unconstrainRow(factor.subarray(row * size, (row + 1) * size), row)),
  )
}

/**
 * atanh of the canonical partial correlations of one row. z[i][j] / sqrt(1 - z[i][j]^2) = L[i][j] / sqrt(sum_{m > j} L[i][m]^2), so asinh of
 * that ratio is what is wanted, without cancellation near 1.
 */
function unconstrainRow(values: Float64Array, row: number): number[] {
  if (!(values[row] > 0) || values.subarray(row + 1).some((value) => value !== 0))
    outsideSupport(`row ${row + 1} (${values.join(', ')})`, 'lower triangular with a positive diagonal')
  const x = new Array<number>(row)
  let rest = values[row] ** 2
  for (let column = row - 1; column >= 0; column--) {
    x[column] = Math.asinh(values[column] / Math.sqrt(rest))
    rest += values[column] ** 2
  }
  if (!(Math.abs(rest - 1) <= NORM_TOLERANCE)) outsideSupport(`row ${row + 1} of squared length ${rest}`, 'of rows with length 1')
  return x
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [choleskyCorrelation([2, 2]), choleskyCorrelation([4, 4])]
