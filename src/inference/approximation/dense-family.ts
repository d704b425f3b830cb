import { backwardSolveInPlace, forwardSolveInPlace } from '../../numeric/triangular-solve.js'
import type { GaussianFamily } from './gaussian-family.js'
import { denseNormal } from './normal-approximation.js'

/**
 * Any covariance, x = m + K (a + B z) with B lower triangular and exp(b_ii) on its diagonal, around the normal with mean m `[dimension]` and covariance
 * K K', K lower triangular `[dimension, dimension]`. Parameters: a, then b by rows of the lower triangle.
 */
export function denseFamily(centre: Float64Array, factor: Float64Array): GaussianFamily {
  const dimension = centre.length
  const mean = new Float64Array(dimension)
  const inner = new Float64Array(dimension * dimension)
  const whole = new Float64Array(dimension * dimension)
  const pulled = new Float64Array(dimension)
  const work = new Float64Array(dimension)
  return {
    dimension,
    parameterCount: dimension + (dimension * (dimension + 1)) / 2,
    prepare(parameters) {
      for (let row = 0, index = dimension; row < dimension; row++)
        for (let column = 0; column <= row; column++, index++)
          inner[row * dimension + column] = row === column ? Math.exp(parameters[index]) : parameters[index]
      multiplyLower(factor, inner, whole, dimension)
      for (let row = 0; row < dimension; row++) {
        let sum = centre[row]
        for (let column = 0; column <= row; column++) sum += factor[row * dimension + column] * parameters[column]
        mean[row] = sum
      }
    },
    place(normals, position) {
      for (let row = 0; row < dimension; row++) {
        let sum = mean[row]
        for (let column = 0; column <= row; column++) sum += whole[row * dimension + column] * normals[column]
        position[row] = sum
      }
    },
    addScore(normals, gradient) {
      work.set(normals)
      backwardSolveInPlace(whole, work, dimension)
      for (let i = 0; i < dimension; i++) gradient[i] += work[i]
    },
    pullBack(normals, gradient, weight, parameterGradient) {
      pulled.fill(0)
      for (let row = 0; row < dimension; row++)
        for (let column = 0; column <= row; column++) pulled[column] += factor[row * dimension + column] * gradient[row]
      for (let row = 0, index = dimension; row < dimension; row++) {
        const weighted = weight * pulled[row]
        parameterGradient[row] += weighted
        for (let column = 0; column < row; column++, index++) parameterGradient[index] += weighted * normals[column]
        parameterGradient[index++] += weighted * normals[row] * inner[row * dimension + row]
      }
    },
    entropy() {
      let sum = 0
      for (let i = 0; i < dimension; i++) sum += Math.log(whole[i * dimension + i])
      return sum
    },
    addEntropyGradient(parameterGradient) {
      for (let row = 0; row < dimension; row++) parameterGradient[diagonalIndex(row, dimension)] += 1
    },
    growth(parameters) {
      let most = Number.NEGATIVE_INFINITY
      for (let row = 0; row < dimension; row++) most = Math.max(most, parameters[diagonalIndex(row, dimension)])
      return most
    },
    moveTo(target, parameters) {
      for (let i = 0; i < dimension; i++) parameters[i] = target[i] - centre[i]
      forwardSolveInPlace(factor, parameters, dimension)
    },
    halve(parameters) {
      for (let row = 0, index = dimension; row < dimension; row++)
        for (let column = 0; column <= row; column++, index++) {
          if (row === column) parameters[index] -= Math.LN2
          else parameters[index] /= 2
        }
    },
    approximation: () => denseNormal(mean.slice(), whole.slice()),
  }
}

/** Where log B_row,row stands among the parameters. */
function diagonalIndex(row: number, dimension: number): number {
  return dimension + (row * (row + 3)) / 2
}

/** out = A B of lower triangular matrices, `[size, size]` each; what lies above the diagonal is neither read nor written. */
function multiplyLower(a: Float64Array, b: Float64Array, out: Float64Array, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let k = column; k <= row; k++) sum += a[row * size + k] * b[k * size + column]
      out[row * size + column] = sum
    }
}
