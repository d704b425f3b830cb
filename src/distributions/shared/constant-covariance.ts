import { UsageError } from '../../errors/usage-error.js'
import { choleskyInPlace } from '../../numeric/cholesky.js'

/** What the density and the draws need of a covariance that is known beforehand. */
export interface WhitenedCovariance {
  readonly size: number
  /** Lower Cholesky factor L, `[k, k]` row-major, zeros above the diagonal. */
  readonly factor: Float64Array
  /** L^-1, `[k, k]` row-major. */
  readonly whitening: number[]
  /** log det(L) + k log(2 pi) / 2 */
  readonly logNormaliser: number
}

/** @throws UsageError unless the numbers are a symmetric positive definite `[size, size]` matrix. */
export function constantCovariance(covariance: readonly number[], size: number): WhitenedCovariance {
  if (covariance.length !== size * size) refuse(`has ${covariance.length} elements for a parameter of length ${size}`)
  const largest = covariance.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const isSymmetric = covariance.every(
    (value, i) => Math.abs(value - covariance[(i % size) * size + Math.floor(i / size)]) <= 1e-9 * largest,
  )
  if (!isSymmetric) refuse('is not symmetric')
  const factor = Float64Array.from(covariance)
  if (!choleskyInPlace(factor, size)) refuse('is not positive definite')
  let logNormaliser = (size / 2) * Math.log(2 * Math.PI)
  for (let row = 0; row < size; row++) {
    factor.fill(0, row * size + row + 1, (row + 1) * size)
    logNormaliser += Math.log(factor[row * size + row])
  }
  return { size, factor, whitening: inverseOfLowerTriangle(factor, size), logNormaliser }
}

function inverseOfLowerTriangle(factor: Float64Array, size: number): number[] {
  const inverse = new Array<number>(size * size).fill(0)
  for (let column = 0; column < size; column++)
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0
      for (let k = column; k < row; k++) sum -= factor[row * size + k] * inverse[k * size + column]
      inverse[row * size + column] = sum / factor[row * size + row]
    }
  return inverse
}

function refuse(problem: string): never {
  throw new UsageError({
    problem: `the covariance of multivariateNormal ${problem}`,
    reason: 'a covariance matrix is square, symmetric and positive definite',
    remedy: 'Give its rows, such as [[1, 0.5], [0.5, 2]].',
  })
}
