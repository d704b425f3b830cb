import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'

/**
 * Draws of the between-trial standard deviation of the effect contrast' theta:
 * sqrt(c' diag(tau) Omega diag(tau) c), with Omega the identity when the pooling method estimates no correlations.
 *
 * @param contrast `[coefficient]`
 * @returns `[draw]` over all chains, analysis scale times whatever scale `contrast` carries.
 */
export function heterogeneityDraws(pooled: Draws, contrast: Float64Array): Float64Array {
  const tau = variable(pooled, 'tau').values
  const correlation = pooled.variables.find((candidate) => candidate.name === 'Omega')?.values
  const size = contrast.length
  const scaled = new Float64Array(size)
  return Float64Array.from({ length: tau.length / size }, (_, draw) => {
    for (let row = 0; row < size; row++) scaled[row] = contrast[row] * tau[draw * size + row]
    return Math.sqrt(Math.max(0, quadraticForm(scaled, correlation, draw * size * size)))
  })
}

function quadraticForm(vector: Float64Array, matrix: Float64Array | undefined, start: number): number {
  let sum = 0
  for (let row = 0; row < vector.length; row++) {
    if (!matrix) sum += vector[row] ** 2
    else
      for (let column = 0; column < vector.length; column++)
        sum += vector[row] * matrix[start + row * vector.length + column] * vector[column]
  }
  return sum
}
