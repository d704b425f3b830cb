import { describe, expect, it } from 'vitest'
import { studentTCdf } from '../../../src/numeric/student-t-cdf.js'

/** Integral of the density with mpmath 1.3.0 at 40 digits, rounded. */
const REFERENCE = [
  [-1.5, 4.5, 0.10010954282807676],
  [-0.3, 0.7, 0.41461759318566754],
  [2.5, 30, 0.9909421754659666],
  [0.4, 200, 0.6552082978369523],
]

/** The exponent of the front factor carries the rounding of log gammas of size up to 360. */
const TOLERANCE = 360 * 4 * Number.EPSILON

describe('studentTCdf', () => {
  it.each(REFERENCE)('at %d on %d degrees of freedom is %d', (t, degreesOfFreedom, expected) => {
    expect(Math.abs(studentTCdf(t, degreesOfFreedom) - expected)).toBeLessThan(TOLERANCE)
  })

  it('is 1/2 + atan(t) / pi on one degree of freedom and 1/2 at 0', () => {
    for (const t of [-1e6, -2, -0.1, 0, 0.3, 50])
      expect(Math.abs(studentTCdf(t, 1) - (0.5 + Math.atan(t) / Math.PI))).toBeLessThan(TOLERANCE)
    expect(Math.abs(studentTCdf(0, 7) - 0.5)).toBeLessThan(TOLERANCE)
  })
})
