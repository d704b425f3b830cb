import { choleskyInPlace } from '../../numeric/cholesky.js'
import { forwardSolveInPlace } from '../../numeric/triangular-solve.js'
import { fillNormal } from '../../random/fill-normal.js'
import { type Approximation, HALF_LOG_TWO_PI } from './approximation.js'
import type { Iterate } from './ascent.js'
import { dot, multiplyInverseHessian } from './inverse-hessian.js'

/**
 * The normal distribution at a point of an L-BFGS ascent: mean x + H g and covariance H, the estimate of the inverse negative Hessian
 * (Zhang, Carpenter, Gelman and Vehtari 2022, JMLR 23(306), algorithms 2 and 4). With D the diagonal of the estimate and Q an orthonormal
 * basis, `[rank][dimension]`, of what the pairs add to it,
 *
 *     H = D^1/2 (I + Q (K K' - I) Q') D^1/2
 *
 * so that a draw costs dimension x rank operations.
 */
export interface LowRankNormal extends Approximation {
  readonly mean: Float64Array
  /** Square roots of D, `[dimension]`. */
  readonly scale: Float64Array
  readonly basis: readonly Float64Array[]
  /** K, lower triangular, `[rank, rank]`. */
  readonly core: Float64Array
}

/** Undefined when the estimate is not positive definite to working accuracy. */
export function lowRankNormal({ position, gradient, inverseHessian }: Iterate): LowRankNormal | undefined {
  const { dimension, diagonal, capacity } = inverseHessian
  const scale = diagonal.map(Math.sqrt)
  const coefficients = new Float64Array(capacity)
  const mean = new Float64Array(dimension)
  multiplyInverseHessian(inverseHessian, gradient, mean, coefficients)
  for (let i = 0; i < dimension; i++) mean[i] += position[i]
  const basis = orthonormalBasis(spanningVectors(inverseHessian, scale), dimension)
  const core = projected(inverseHessian, scale, basis, coefficients)
  if (!choleskyInPlace(core, basis.length)) return undefined
  return build(mean, scale, basis, core)
}

/** D^1/2 H D^1/2 differs from the identity only on the span of D^1/2 y and D^-1/2 s over the pairs. */
function spanningVectors({ steps, falls }: Iterate['inverseHessian'], scale: Float64Array): Float64Array[] {
  return [
    ...falls.map((fall) => fall.map((value, i) => value * scale[i])),
    ...steps.map((step) => step.map((value, i) => value / scale[i])),
  ]
}

/** What is left of a vector after projection counts as rounding error below this share of its length. */
const LEAST_REMAINDER = 1e-10

/** Gram-Schmidt, twice over for orthogonality to working accuracy (Giraud et al. 2005, 10.1007/s00211-005-0615-4); dependent vectors are left out. */
function orthonormalBasis(vectors: readonly Float64Array[], dimension: number): Float64Array[] {
  const basis: Float64Array[] = []
  for (const vector of vectors) {
    if (basis.length === dimension) break
    const rest = vector.slice()
    const length = Math.sqrt(dot(rest, rest))
    for (let pass = 0; pass < 2; pass++)
      for (const direction of basis) {
        const share = dot(direction, rest)
        for (let i = 0; i < dimension; i++) rest[i] -= share * direction[i]
      }
    const left = Math.sqrt(dot(rest, rest))
    if (left > LEAST_REMAINDER * length) basis.push(rest.map((value) => value / left))
  }
  return basis
}

/** Q' D^-1/2 H D^-1/2 Q, `[rank, rank]`, by multiplying H with each column. */
function projected(
  inverseHessian: Iterate['inverseHessian'],
  scale: Float64Array,
  basis: readonly Float64Array[],
  coefficients: Float64Array,
): Float64Array {
  const rank = basis.length
  const matrix = new Float64Array(rank * rank)
  const product = new Float64Array(scale.length)
  basis.forEach((direction, column) => {
    multiplyInverseHessian(
      inverseHessian,
      direction.map((value, i) => value / scale[i]),
      product,
      coefficients,
    )
    for (let i = 0; i < product.length; i++) product[i] /= scale[i]
    for (let row = column; row < rank; row++) matrix[row * rank + column] = dot(basis[row], product)
  })
  return matrix
}

function build(mean: Float64Array, scale: Float64Array, basis: readonly Float64Array[], core: Float64Array): LowRankNormal {
  const dimension = mean.length
  const rank = basis.length
  const normals = new Float64Array(dimension)
  const inner = new Float64Array(rank)
  let constant = -dimension * HALF_LOG_TWO_PI
  for (let i = 0; i < dimension; i++) constant -= Math.log(scale[i])
  for (let i = 0; i < rank; i++) constant -= Math.log(core[i * rank + i])
  return {
    dimension,
    mean,
    scale,
    basis,
    core,
    draw(stream, position) {
      fillNormal(stream, normals)
      for (let k = 0; k < rank; k++) inner[k] = dot(basis[k], normals)
      for (let row = 0; row < rank; row++) {
        let change = -inner[row]
        for (let column = 0; column <= row; column++) change += core[row * rank + column] * inner[column]
        const direction = basis[row]
        for (let i = 0; i < dimension; i++) normals[i] += change * direction[i]
      }
      for (let i = 0; i < dimension; i++) position[i] = mean[i] + scale[i] * normals[i]
    },
    logDensity(position) {
      let squares = 0
      for (let i = 0; i < dimension; i++) {
        normals[i] = (position[i] - mean[i]) / scale[i]
        squares += normals[i] * normals[i]
      }
      for (let k = 0; k < rank; k++) {
        inner[k] = dot(basis[k], normals)
        squares -= inner[k] * inner[k]
      }
      forwardSolveInPlace(core, inner, rank)
      for (let k = 0; k < rank; k++) squares += inner[k] * inner[k]
      return constant - 0.5 * squares
    },
  }
}

/** Variances of the coordinates given all others, the inverses of the diagonal of the precision: what a mean-field normal should have. `[dimension]` */
export function conditionalVariances({ scale, basis, core }: LowRankNormal): Float64Array {
  const rank = basis.length
  const column = new Float64Array(rank)
  return scale.map((value, i) => {
    let precision = 1
    for (let k = 0; k < rank; k++) {
      column[k] = basis[k][i]
      precision -= column[k] * column[k]
    }
    forwardSolveInPlace(core, column, rank)
    for (let k = 0; k < rank; k++) precision += column[k] * column[k]
    return (value * value) / precision
  })
}

/** The covariance H, `[dimension, dimension]`. */
export function covarianceOf({ scale, basis, core }: LowRankNormal): Float64Array {
  const dimension = scale.length
  const rank = basis.length
  const change = new Float64Array(rank * rank)
  for (let row = 0; row < rank; row++)
    for (let column = 0; column < rank; column++) {
      let sum = row === column ? -1 : 0
      for (let k = 0; k <= Math.min(row, column); k++) sum += core[row * rank + k] * core[column * rank + k]
      change[row * rank + column] = sum
    }
  const covariance = new Float64Array(dimension * dimension)
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : 0
      for (let row = 0; row < rank; row++)
        for (let column = 0; column < rank; column++) sum += basis[row][i] * change[row * rank + column] * basis[column][j]
      covariance[i * dimension + j] = sum * scale[i] * scale[j]
      covariance[j * dimension + i] = covariance[i * dimension + j]
    }
  return covariance
}
