/**
 * The posterior precision of a regression given sigma with its fixed part eliminated. Coefficients b = (u, v): u with normal priors that are given, v
 * whose prior precisions D are still open. With A = X'X / sigma^2 + P (P: prior precisions of u, 0 for v) and the Cholesky factor L of A_uu,
 *
 *     -2 log p(y, v | sigma) = n log sigma^2 + log|A_uu| + log|P_u^-1| + q + v'M v - 2 r'v
 *     M = A_vv - A_vu A_uu^-1 A_uv,   u | v, sigma, y ~ N(A_uu^-1 (X_u'y / sigma^2 - A_uv v), A_uu^-1)
 *
 * up to a constant. Cost per sigma does not depend on the number of rows (Golub and Van Loan 2013, section 3.2: the Schur complement).
 */
import { RunError } from '../errors/run-error.js'
import { ordinaryLeastSquares } from './ordinary-least-squares.js'
import { backwardSolveInPlace } from './triangular-solve.js'

export interface OpenRegression {
  /** `[row, coefficient]`, row-major. */
  readonly design: Float64Array
  /** `[row]` */
  readonly outcome: Float64Array
  /** `[coefficient]`, finite; not read for open coefficients. */
  readonly priorScale: Float64Array
  /** Positions of v. */
  readonly open: readonly number[]
}

export interface ReducedRegression {
  /** Positions of u. */
  readonly fixed: readonly number[]
  /** Of the least-squares fit, or of the outcome when that is not unique. */
  readonly residualSquares: number
  /** Rank of the design by rows and columns. */
  readonly rank: number
  /** M, its lower triangle, `[open, open]`, and r `[open]`: of the latest `reduce`. */
  readonly precision: Float64Array
  readonly moment: Float64Array
  /** Computes them for this sigma. @returns log p(y, v = 0 | sigma) up to a constant */
  reduce(sigma: number): number
  /** Writes u given v for the latest sigma. @param noise standard normal, `[fixed]`, overwritten @param coefficients with v in place */
  completeDraw(noise: Float64Array, coefficients: Float64Array, offset: number): void
}

export function reducedRegression({ design, outcome, priorScale, open }: OpenRegression): ReducedRegression {
  const size = priorScale.length
  const isOpen = new Set(open)
  const fixed = Array.from(priorScale, (_, index) => index).filter((index) => !isOpen.has(index))
  const order = [...fixed, ...open]
  const { gram, moment: total, squares, residualSquares, rank } = sufficientStatistics(design, outcome, order)
  const work = new Float64Array(size * size)
  const right = new Float64Array(size)
  const [inner, count] = [fixed.length, open.length]
  const factor = new Float64Array(inner * inner)
  const precision = new Float64Array(count * count)
  const moment = new Float64Array(count)
  return {
    fixed,
    residualSquares,
    rank,
    precision,
    moment,
    reduce(sigma) {
      const variance = sigma * sigma
      for (let index = 0; index < work.length; index++) work[index] = gram[index] / variance
      for (let index = 0; index < size; index++) right[index] = total[index] / variance
      fixed.forEach((position, index) => {
        work[index * size + index] += 1 / priorScale[position] ** 2
      })
      const logDeterminant = eliminate(work, right, inner, size)
      for (let row = 0; row < count; row++) {
        moment[row] = right[inner + row]
        for (let column = 0; column <= row; column++)
          precision[row * count + column] = work[(inner + row) * size + inner + column]
      }
      let explained = 0
      for (let index = 0; index < inner; index++) explained += right[index] ** 2
      return -outcome.length * Math.log(sigma) - (logDeterminant + squares / variance - explained) / 2
    },
    completeDraw(noise, coefficients, offset) {
      for (let row = 0; row < inner; row++) {
        noise[row] += right[row]
        open.forEach((position, index) => {
          noise[row] -= work[(inner + index) * size + row] * coefficients[offset + position]
        })
        for (let column = 0; column <= row; column++) factor[row * inner + column] = work[row * size + column]
      }
      backwardSolveInPlace(factor, noise, inner)
      fixed.forEach((position, index) => {
        coefficients[offset + position] = noise[index]
      })
    },
  }
}

/** X'X, X'y and y'y with columns in the given order. */
function sufficientStatistics(design: Float64Array, outcome: Float64Array, order: readonly number[]) {
  const size = order.length
  const gram = new Float64Array(size * size)
  const moment = new Float64Array(size)
  let squares = 0
  for (let row = 0; row < outcome.length; row++) {
    const start = row * size
    squares += outcome[row] ** 2
    for (let i = 0; i < size; i++) {
      const left = design[start + order[i]]
      moment[i] += left * outcome[row]
      for (let j = 0; j <= i; j++) gram[i * size + j] += left * design[start + order[j]]
    }
  }
  const { rank, residualVariance, degreesOfFreedom } = ordinaryLeastSquares(design, outcome)
  const residualSquares = rank === size ? residualVariance * degreesOfFreedom || 0 : squares
  return { gram, moment, squares, residualSquares, rank }
}

/**
 * The first `inner` columns of the Cholesky factor in place, with the Schur complement after them, and likewise for the right side.
 * @returns log determinant of the leading block
 */
function eliminate(matrix: Float64Array, right: Float64Array, inner: number, size: number): number {
  let logDeterminant = 0
  for (let column = 0; column < inner; column++) {
    const pivot = matrix[column * size + column]
    if (!(pivot > 0)) throw notPositive()
    logDeterminant += Math.log(pivot)
    const diagonal = Math.sqrt(pivot)
    matrix[column * size + column] = diagonal
    right[column] /= diagonal
    for (let row = column + 1; row < size; row++) {
      const entry = matrix[row * size + column] / diagonal
      matrix[row * size + column] = entry
      right[row] -= entry * right[column]
      for (let other = column + 1; other <= row; other++) matrix[row * size + other] -= entry * matrix[other * size + column]
    }
  }
  return logDeterminant
}

function notPositive(): RunError {
  return new RunError({
    problem: 'the posterior precision of a regression is not positive definite',
    reason: 'a value of the design is not finite, or its columns are collinear up to rounding beside the prior',
    remedy: 'Check the covariates and their scales in the protocol.',
  })
}
