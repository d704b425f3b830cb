import type { GaussianFamily } from './gaussian-family.js'
import { diagonalNormal } from './normal-approximation.js'

/**
 * Independent coordinates, x_i = m_i + s_i (a_i + exp(b_i) z_i), around the normal with means m and standard deviations s, `[dimension]` each.
 * Parameters: a, then b.
 */
export function diagonalFamily(centre: Float64Array, scale: Float64Array): GaussianFamily {
  const dimension = centre.length
  const mean = new Float64Array(dimension)
  const sd = new Float64Array(dimension)
  return {
    dimension,
    parameterCount: 2 * dimension,
    prepare(parameters) {
      for (let i = 0; i < dimension; i++) {
        mean[i] = centre[i] + scale[i] * parameters[i]
        sd[i] = scale[i] * Math.exp(parameters[dimension + i])
      }
    },
    place(normals, position) {
      for (let i = 0; i < dimension; i++) position[i] = mean[i] + sd[i] * normals[i]
    },
    addScore(normals, gradient) {
      for (let i = 0; i < dimension; i++) gradient[i] += normals[i] / sd[i]
    },
    pullBack(normals, gradient, weight, parameterGradient) {
      for (let i = 0; i < dimension; i++) {
        parameterGradient[i] += weight * gradient[i] * scale[i]
        parameterGradient[dimension + i] += weight * gradient[i] * sd[i] * normals[i]
      }
    },
    entropy() {
      let sum = 0
      for (let i = 0; i < dimension; i++) sum += Math.log(sd[i])
      return sum
    },
    addEntropyGradient(parameterGradient) {
      for (let i = 0; i < dimension; i++) parameterGradient[dimension + i] += 1
    },
    growth: (parameters) =>
      parameters.subarray(dimension).reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
    moveTo(target, parameters) {
      for (let i = 0; i < dimension; i++) parameters[i] = (target[i] - centre[i]) / scale[i]
    },
    halve(parameters) {
      for (let i = dimension; i < 2 * dimension; i++) parameters[i] -= Math.LN2
    },
    approximation: () => diagonalNormal(mean.slice(), sd.slice()),
  }
}
