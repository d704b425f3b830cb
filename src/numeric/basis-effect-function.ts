/**
 * The effect of treatment given hyper-parameters when both functions are written in a fixed basis:
 *
 *     y = F w + error,   w ~ N(0, D^2),   error_i ~ N(0, sigma^2),   f(z) = u(z)' w
 *
 * with B = I + D F'F D / sigma^2: w given y is N(D B^-1 D F'y / sigma^2, D B^-1 D). What it costs does not depend on the number of patients (Rasmussen and Williams 2006,
 * section 2.1 and eq. 2.11).
 */
import type { Stream } from '../contract/stream.js'
import { RunError } from '../errors/run-error.js'
import { fillNormal } from '../random/fill-normal.js'
import { choleskyInPlace } from './cholesky.js'
import { backwardSolveInPlace, forwardSolveInPlace } from './triangular-solve.js'

export interface BasisTrial {
  /** Sums of squares and products of the columns of F and, last, of y: `[column + 1, column + 1]`. */
  readonly products: Float64Array
  readonly columnCount: number
}

export interface CoefficientPosterior {
  /** E(w | y), `[column]` */
  readonly mean: Float64Array
  /** A draw of w given y, `[column]`. */
  draw(stream: Stream): Float64Array
}

/**
 * @param scales D, `[column]`
 * @throws RunError when B is not positive definite, as when sigma is 0.
 */
export function coefficientPosterior(scales: Float64Array, sigma: number, trial: BasisTrial): CoefficientPosterior {
  const { products, columnCount: size } = trial
  const precision = 1 / (sigma * sigma)
  const factor = new Float64Array(size * size)
  const mean = new Float64Array(size)
  for (let row = 0; row < size; row++) {
    const start = row * (size + 1)
    for (let column = 0; column <= row; column++)
      factor[row * size + column] = products[start + column] * scales[row] * scales[column] * precision
    factor[row * size + row] += 1
    mean[row] = products[start + size] * scales[row] * precision
  }
  if (!choleskyInPlace(factor, size))
    throw new RunError({
      problem: 'the posterior covariance of the coefficients of a basis is not positive definite in float64',
      reason: `the residual standard deviation, ${sigma.toPrecision(3)} reference standard deviations, is near 0: the outcome seems to be a function of the covariates`,
      remedy: 'Check that the outcome is not computed from covariates, or use the linear model.',
    })
  forwardSolveInPlace(factor, mean, size)
  backwardSolveInPlace(factor, mean, size)
  for (let row = 0; row < size; row++) mean[row] *= scales[row]
  return {
    mean,
    draw(stream) {
      const draw = fillNormal(stream, new Float64Array(size))
      backwardSolveInPlace(factor, draw, size)
      for (let row = 0; row < size; row++) draw[row] = mean[row] + scales[row] * draw[row]
      return draw
    },
  }
}
