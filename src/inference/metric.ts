import { choleskyInPlace } from '../numeric/cholesky.js'

/**
 * The metric of Hamiltonian dynamics: an estimate M^-1 = L L' of the covariance of the target, given by its root L.
 *
 * Samplers work in the coordinates y of x = L y, in which the metric is the identity: momenta are standard normal, kinetic energy is p'p / 2,
 * and a momentum p moves the position along L p, pushed by L' gradient. This is the same dynamics as with momenta L'^-1 p ~ N(0, M) and
 * kinetic energy p' M^-1 p / 2 (Neal 2011, arXiv 1206.1901, section 4.1), without the metric in energies and U-turns. Plain data.
 */
export interface Metric {
  readonly kind: 'diagonal' | 'dense'
  /** Diagonal: the scale of each coordinate, `[dimension]`. Dense: L, lower triangular, zeros above, `[dimension, dimension]`. */
  readonly root: Float64Array
}

/** @param variances positive, `[dimension]` */
export function diagonalMetric(variances: Float64Array): Metric {
  return { kind: 'diagonal', root: variances.map(Math.sqrt) }
}

export function unitMetric(dimension: number): Metric {
  return { kind: 'diagonal', root: new Float64Array(dimension).fill(1) }
}

/**
 * @param covariance symmetric, only the lower triangle is read, `[dimension, dimension]`
 * @returns undefined when it is not numerically positive definite
 */
export function denseMetric(covariance: Float64Array, dimension: number): Metric | undefined {
  const root = covariance.slice()
  if (!choleskyInPlace(root, dimension)) return undefined
  for (let row = 0; row < dimension; row++) root.fill(0, row * dimension + row + 1, (row + 1) * dimension)
  return { kind: 'dense', root }
}

/** M^-1: its diagonal `[dimension]`, or all of it `[dimension, dimension]`. */
export function inverseMetric({ kind, root }: Metric, dimension: number): Float64Array {
  if (kind === 'diagonal') return root.map((scale) => scale * scale)
  const product = new Float64Array(dimension * dimension)
  for (let row = 0; row < dimension; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let k = 0; k <= column; k++) sum += root[row * dimension + k] * root[column * dimension + k]
      product[row * dimension + column] = sum
      product[column * dimension + row] = sum
    }
  return product
}

/** out = L' gradient, for a dense root. All `[dimension]`. Two rows a turn: half the passes over `out`. */
export function pull(root: Float64Array, gradient: Float64Array, out: Float64Array): void {
  const dimension = gradient.length
  let row = 0
  if (dimension % 2 === 1) {
    out[0] = root[0] * gradient[0]
    row = 1
  }
  for (; row < dimension; row += 2) {
    const slope = gradient[row]
    const slope2 = gradient[row + 1]
    const start = row * dimension
    const start2 = start + dimension
    for (let k = 0; k < row; k++) out[k] = out[k] + root[start + k] * slope + root[start2 + k] * slope2
    out[row] = root[start + row] * slope + root[start2 + row] * slope2
    out[row + 1] = root[start2 + row + 1] * slope2
  }
}

/** position += step L momentum, for a dense root. Two rows a turn: two sums grow at a time. */
export function push(root: Float64Array, step: number, momentum: Float64Array, position: Float64Array): void {
  const dimension = momentum.length
  let row = 0
  if (dimension % 2 === 1) {
    position[0] += step * (root[0] * momentum[0])
    row = 1
  }
  for (; row < dimension; row += 2) {
    const start = row * dimension
    const start2 = start + dimension
    let velocity = 0
    let velocity2 = 0
    for (let k = 0; k <= row; k++) {
      const p = momentum[k]
      velocity += root[start + k] * p
      velocity2 += root[start2 + k] * p
    }
    position[row] += step * velocity
    position[row + 1] += step * (velocity2 + root[start2 + row + 1] * momentum[row + 1])
  }
}
