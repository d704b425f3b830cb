import { describe, expect, it } from 'vitest'
import { lkjCholesky } from '../../../src/distributions/lkj-cholesky.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { incompleteBeta } from '../../../src/numeric/incomplete-beta.js'
import { logGamma } from '../../../src/numeric/log-gamma.js'
import { stream } from '../../../src/random/stream.js'
import { isRejected } from '../random/kolmogorov-smirnov.js'
import { float64 } from './float64.js'
import { totalProbability } from './total-probability.js'

const DRAW_COUNT = 10_000
/**
 * What lies beyond is about 2 exp(-2 * 12) = 1e-10; poles at i pi / 2 make the trapezoidal error exp(-pi^2 / 0.25) = 1e-17 times powers of
 * 2 pi / 0.25.
 */
const GRID = { limit: 12, step: 0.25 }

describe('lkjCholesky', () => {
  it.each([[0.7], [1], [2], [5]])(
    'is for k = 2 and eta = %d the density (1 - r^2)^(eta - 1) / (2^(2 eta - 1) B(eta, eta)) of r',
    (eta) => {
      const { distribution } = lkjCholesky(eta, { shape: [2, 2] })
      const logDensity = float64([[2, 2]], (factor) => distribution.logProbability(factor, []))
      const logConstant = (2 * eta - 1) * Math.LN2 + 2 * logGamma(eta) - logGamma(2 * eta)
      for (const r of [-0.999, -0.3, 0, 0.8]) {
        const expected = (eta - 1) * Math.log1p(-r * r) - logConstant
        // 1 - r^2 inside the square root loses three digits at 0.999.
        expect(Math.abs(logDensity(Float64Array.of(1, 0, r, Math.sqrt(1 - r * r)))[0] - expected)).toBeLessThan(1e-12)
      }
    },
  )

  it('is for k = 3 and eta = 1 uniform over correlation matrices, whose volume is pi^2 / 2, times the Jacobian L[1][1]', () => {
    const { distribution } = lkjCholesky(1, { shape: [3, 3] })
    const logDensity = float64([[3, 3]], (factor) => distribution.logProbability(factor, []))
    const factor = Float64Array.of(1, 0, 0, 0.6, 0.8, 0, 2 / 7, 3 / 7, 6 / 7)
    expect(Math.abs(logDensity(factor)[0] - (Math.log(0.8) - Math.log(Math.PI ** 2 / 2)))).toBeLessThan(5e-14)
  })

  it.each([
    [1, 2],
    [2, 2],
    [1, 3],
    [2.5, 3],
  ])('integrates with eta = %d to 1 over factors of size %d', (eta, size) => {
    const total = totalProbability(lkjCholesky(eta, { shape: [size, size] }).distribution, [size, size], [], GRID)
    expect(Math.abs(total.withJacobian - 1)).toBeLessThan(1e-9)
    expect(Math.abs(total.withoutJacobian - 1)).toBeGreaterThan(0.1)
  })

  it.each([[0.7], [1], [3]])(
    'draws with eta = %d correlations that are Beta(eta - 1 + k / 2) on (-1, 1), all six of k = 4',
    (eta) => {
      const [size, shape] = [4, eta - 1 + 2]
      const correlations = drawCorrelations(size, eta)
      for (const sample of correlations) {
        expect(isRejected(sample, (r) => incompleteBeta((r + 1) / 2, shape, shape))).toBe(false)
        expect(isRejected(sample, (r) => incompleteBeta((r + 1) / 2, shape * 1.25, shape * 1.25))).toBe(true)
      }
    },
  )

  it('draws matrices whose mean determinant is prod_j (b_j / (b_j + 1/2))^(k - 1 - j), what its partial correlations give', () => {
    const [size, eta] = [4, 2]
    const { distribution } = lkjCholesky(eta, { shape: [size, size] })
    const source = stream(4, 'lkj-determinant')
    const determinants = Float64Array.from({ length: DRAW_COUNT }, () => {
      const factor = distribution.draw(source, [size, size], [Float64Array.of(eta)])
      return Array.from({ length: size }, (_, i) => factor[i * size + i] ** 2).reduce((a, b) => a * b)
    })
    // E(1 - z^2) = 4 E{u (1 - u)} = b / (b + 1/2) for u ~ Beta(b, b).
    const expected = [0, 1, 2].reduce((product, j) => {
      const b = eta + (size - 2 - j) / 2
      return product * (b / (b + 0.5)) ** (size - 1 - j)
    }, 1)
    const mean = determinants.reduce((a, b) => a + b) / DRAW_COUNT
    const variance = determinants.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (DRAW_COUNT - 1)
    const standardError = Math.sqrt(variance / DRAW_COUNT)
    expect(Math.abs(mean - expected)).toBeLessThan(4 * standardError)
    expect(Math.abs(mean - expected * 1.05)).toBeGreaterThan(4 * standardError)
  })

  it.each([
    ['no shape', () => lkjCholesky(1)],
    ['a shape that is not square', () => lkjCholesky(1, { shape: [2, 3] })],
    ['eta = 0', () => lkjCholesky(0, { shape: [2, 2] })],
    ['eta that depends on a parameter', () => lkjCholesky('eta', { shape: [2, 2] })],
  ])('refuses %s', (_, build) => {
    expect(build).toThrow(UsageError)
  })
})

/** `[pair][draw]` */
function drawCorrelations(size: number, eta: number): Float64Array[] {
  const { distribution } = lkjCholesky(eta, { shape: [size, size] })
  const source = stream(3, 'lkj', String(eta))
  const factors = Array.from({ length: DRAW_COUNT }, () => distribution.draw(source, [size, size], [Float64Array.of(eta)]))
  const pairs = Array.from({ length: size }, (_, row) => Array.from({ length: row }, (_, column) => [row, column])).flat()
  return pairs.map(([a, b]) =>
    Float64Array.from(factors, (factor) => {
      let sum = 0
      for (let k = 0; k < size; k++) sum += factor[a * size + k] * factor[b * size + k]
      return sum
    }),
  )
}
