import type { Stream } from '../contract/stream.js'
import { fillNormal } from './fill-normal.js'

/**
 * Multivariate normal draw mean + L z.
 * @param mean `[k]`
 * @param choleskyFactor L, `[k, k]` row-major, the lower triangular factor of the covariance; what lies above the diagonal is not read.
 */
export function drawMultivariateNormal(stream: Stream, mean: ArrayLike<number>, choleskyFactor: ArrayLike<number>): Float64Array {
  const size = mean.length
  const normals = fillNormal(stream, new Float64Array(size))
  return Float64Array.from(mean, (centre, row) => {
    let sum = centre
    for (let column = 0; column <= row; column++) sum += choleskyFactor[row * size + column] * normals[column]
    return sum
  })
}
