import type { LogDensity } from '../../contract/log-density.js'
import type { Steps } from './steps.js'

/** Offset of a central difference in units of the coordinate's own scale: balances its error of h^2 against that of rounding, near 10^-16 / h. */
const OFFSET = 1e-4
/** Offset of the first look at a scale, relative to the size of the coordinate. */
const FIRST_OFFSET = 1e-5

/**
 * Negative Hessian of a log density by central differences of its gradient, symmetrised; `[dimension, dimension]`. The offsets follow the scale of each
 * coordinate, 1 / sqrt of its curvature, which a first look finds: 4 dimension gradients in all.
 * Entries are not finite where the density is not, and rows of coordinates without positive curvature are of low accuracy.
 */
export function* negativeHessian(logDensity: LogDensity, position: Float64Array): Steps<Float64Array> {
  const { dimension } = logDensity
  const point = position.slice()
  const above = new Float64Array(dimension)
  const below = new Float64Array(dimension)
  const matrix = new Float64Array(dimension * dimension)
  const differ = (i: number, offset: number) => {
    point[i] = position[i] + offset
    logDensity.valueAndGradient(point, above)
    point[i] = position[i] - offset
    logDensity.valueAndGradient(point, below)
    point[i] = position[i]
    for (let j = 0; j < dimension; j++) above[j] = (below[j] - above[j]) / (2 * offset)
    return above[i]
  }
  for (let i = 0; i < dimension; i++) {
    const first = FIRST_OFFSET * Math.max(1, Math.abs(position[i]))
    const curvature = differ(i, first)
    if (curvature > 0) differ(i, Math.max(OFFSET / Math.sqrt(curvature), Number.EPSILON * 1e4 * Math.abs(position[i])))
    matrix.set(above, i * dimension)
    yield { step: 'curvature', iteration: i + 1, total: dimension }
  }
  for (let row = 0; row < dimension; row++)
    for (let column = 0; column < row; column++) {
      const mean = (matrix[row * dimension + column] + matrix[column * dimension + row]) / 2
      matrix[row * dimension + column] = mean
      matrix[column * dimension + row] = mean
    }
  return matrix
}
