import { describe, expect, it } from 'vitest'
import { incompleteBeta } from '../../../src/numeric/incomplete-beta.js'

/** I_x(a, b) to 40 digits with mpmath 1.3.0, rounded. */
const REFERENCE = [
  [0.3, 2.5, 0.7, 0.029814024845250465],
  [0.999, 0.2, 4, 0.9999999999999295],
  [1e-5, 0.5, 8, 0.009935928679560271],
  [0.5, 100, 120, 0.9117960627949818],
]

/** The exponent of the front factor carries the rounding of log gammas of size up to 800. */
const TOLERANCE = 800 * 4 * Number.EPSILON

describe('incompleteBeta', () => {
  it.each(REFERENCE)('I_%d(%d, %d) is %d', (x, a, b, expected) => {
    expect(Math.abs(incompleteBeta(x, a, b) - expected)).toBeLessThan(TOLERANCE * expected)
  })

  it('is the polynomial 6 x^2 - 8 x^3 + 3 x^4 for (2, 3)', () => {
    for (const x of [0, 0.1, 0.4, 0.6, 0.95, 1])
      expect(Math.abs(incompleteBeta(x, 2, 3) - (6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4))).toBeLessThan(1e-14)
  })
})
