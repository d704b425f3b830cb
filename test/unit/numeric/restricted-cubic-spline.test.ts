import { describe, expect, it } from 'vitest'
import { restrictedCubicSpline } from '../../../src/numeric/restricted-cubic-spline.js'

const knots = [1, 2, 4, 7]
const terms = [1, 2]

describe('restrictedCubicSpline', () => {
  /** R 4.2.2, Hmisc 4.8-0: rcspline.eval(x, knots = c(1, 2, 4, 7), inclx = TRUE, norm = 2), by row of x. */
  const hmisc = [
    [-3, 0, 0],
    [0.5, 0, 0],
    [1, 0, 0],
    [2.2, 0.048, 0.000222222222222223],
    [3.9, 0.677472222222222, 0.190527777777778],
    [5, 1.72222222222222, 0.703703703703704],
    [7.5, 5.25, 2.63888888888889],
    [12, 12, 6.38888888888889],
  ]
  it('is the basis of rcspline.eval in Hmisc', () => {
    for (const row of hmisc)
      row.forEach((value, term) => {
        expect(restrictedCubicSpline(row[0], knots, term)).toBeCloseTo(value, 12)
      })
  })
  it('is 0 before its own knot and a straight line beyond the last', () => {
    for (const term of terms) {
      expect(restrictedCubicSpline(knots[term - 1] - 1e-9, knots, term)).toBe(0)
      const at = (x: number) => restrictedCubicSpline(x, knots, term)
      for (const x of [7, 8, 20, 50]) expect(at(x + 2) - 2 * at(x + 1) + at(x)).toBeCloseTo(0, 9)
      expect(Math.abs(at(6) - 2 * at(5) + at(4))).toBeGreaterThan(0.01)
    }
  })
  it('has a second derivative that is continuous at every knot and a third that is not', () => {
    const step = 1e-3
    for (const term of terms)
      for (const knot of knots) {
        const second = (x: number) =>
          (restrictedCubicSpline(x + step, knots, term) -
            2 * restrictedCubicSpline(x, knots, term) +
            restrictedCubicSpline(x - step, knots, term)) /
          step ** 2
        /** The second derivative is linear between knots with slope at most 6 * 2 / 36: over 4 steps it changes by 1.4e-3. */
        expect(Math.abs(second(knot + 2 * step) - second(knot - 2 * step))).toBeLessThan(2e-3)
      }
    const slope = (x: number) => restrictedCubicSpline(x + 1e-3, knots, 1) - restrictedCubicSpline(x, knots, 1)
    expect(slope(3) - slope(2)).not.toBeCloseTo(slope(6.9) - slope(5.9), 6)
  })
})
