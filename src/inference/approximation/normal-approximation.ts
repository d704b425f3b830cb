import { forwardSolveInPlace } from '../../numeric/triangular-solve.js'
import { fillNormal } from '../../random/fill-normal.js'
import { type Approximation, HALF_LOG_TWO_PI } from './approximation.js'

/** N(mean, diag(sd)^2); both `[dimension]`. */
export function diagonalNormal(mean: Float64Array, sd: Float64Array): Approximation {
  const dimension = mean.length
  const constant = -sd.reduce((sum, value) => sum + Math.log(value) + HALF_LOG_TWO_PI, 0)
  return {
    dimension,
    draw(stream, position) {
      fillNormal(stream, position)
      for (let i = 0; i < dimension; i++) position[i] = mean[i] + sd[i] * position[i]
    },
    logDensity(position) {
      let squares = 0
      for (let i = 0; i < dimension; i++) squares += ((position[i] - mean[i]) / sd[i]) ** 2
      return constant - 0.5 * squares
    },
  }
}

/** N(mean, L L'). @param factor L, lower triangular with a positive diagonal, `[dimension, dimension]` row-major */
export function denseNormal(mean: Float64Array, factor: Float64Array): Approximation {
  const dimension = mean.length
  const work = new Float64Array(dimension)
  let constant = -dimension * HALF_LOG_TWO_PI
  for (let i = 0; i < dimension; i++) constant -= Math.log(factor[i * dimension + i])
  return {
    dimension,
    draw(stream, position) {
      fillNormal(stream, work)
      for (let row = 0; row < dimension; row++) {
        let sum = mean[row]
        for (let column = 0; column <= row; column++) sum += factor[row * dimension + column] * work[column]
        position[row] = sum
      }
    },
    logDensity(position) {
      for (let i = 0; i < dimension; i++) work[i] = position[i] - mean[i]
      forwardSolveInPlace(factor, work, dimension)
      let squares = 0
      for (let i = 0; i < dimension; i++) squares += work[i] * work[i]
      return constant - 0.5 * squares
    },
  }
}
