import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../../src/numeric/normal-quantile.js'

/** Roots of log Phi(z) = log p to 40 digits with mpmath 1.3.0, rounded. */
const REFERENCE = [
  [0.01, -2.326347874040841],
  [0.0749, -1.4402382675279637],
  [0.2, -0.8416212335729142],
  [0.499999999, -2.5066283428845328e-9],
  [0.7, 0.5244005127080407],
  [0.975, 1.9599639845400538],
  [0.999999, 4.753424308817087],
  [1e-12, -7.034483825301132],
  [2 ** -53, -8.209536151601387],
  [1e-100, -21.273453560965326],
  [1e-300, -37.0470962993612],
]

/** The published relative error 1e-16 and about eight roundings. */
const RELATIVE_TOLERANCE = 8 * Number.EPSILON

describe('normalQuantile', () => {
  it.each(REFERENCE)('of %d is %d', (probability, expected) => {
    expect(Math.abs(normalQuantile(probability) / expected - 1)).toBeLessThan(RELATIVE_TOLERANCE)
  })

  it('is odd around 1/2', () => {
    for (const distance of [0, 1 / 8, 3 / 8, 7 / 16, 1 / 2 - 2 ** -40])
      expect(normalQuantile(0.5 + distance)).toBe(-normalQuantile(0.5 - distance) + 0)
  })

  it('is infinite at 0 and 1 and NaN outside', () => {
    expect([0, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
})
