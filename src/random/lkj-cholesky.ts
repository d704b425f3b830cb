import type { Stream } from '../contract/stream.js'
import { drawBeta } from './beta.js'

/**
 * Cholesky factor L of a correlation matrix R = L L' with density proportional to det(R)^(eta - 1), `[size, size]` row-major.
 *
 * C-vine of canonical partial correlations: those given j variables (column j of L, from 0) are 2 b - 1 with b ~ Beta(eta + (size - 2 - j) / 2)
 * on both sides, independent, and L[i][j] = z[i][j] * prod_{m < j} sqrt(1 - z[i][m]^2)
 * (Lewandowski, Kurowicka and Joe 2009, 10.1016/j.jmva.2009.04.008, section 2.4).
 */
export function drawLkjCholesky(stream: Stream, size: number, eta: number): Float64Array {
  const factor = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    let remaining = 1
    for (let column = 0; column < row; column++) {
      const shape = eta + (size - 2 - column) / 2
      const half = drawBeta(stream, shape, shape)
      factor[row * size + column] = (2 * half - 1) * remaining
      remaining *= 2 * Math.sqrt(half * (1 - half))
    }
    factor[row * size + row] = remaining
  }
  return factor
}
