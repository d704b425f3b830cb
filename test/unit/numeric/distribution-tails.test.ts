import { describe, expect, it } from 'vitest'
import { brentRoot } from '../../../src/numeric/brent-root.js'
import { chiSquareTail } from '../../../src/numeric/chi-square-tail.js'
import { normalQuantile } from '../../../src/numeric/normal-quantile.js'
import { studentTCdf } from '../../../src/numeric/student-t-cdf.js'
import { studentTQuantile } from '../../../src/numeric/student-t-quantile.js'

/** Both sides carry rounding of the incomplete functions, a few hundred ulp. */
const RELATIVE = 1e-11

describe('studentTQuantile', () => {
  it.each([
    // R 4.2.2: qt(p, df)
    [0.975, 3, 3.18244630528],
    [0.975, 8, 2.3060041352],
    [0.975, 2.5, 3.574654842],
    [0.999, 5, 5.89342953136],
    [1e-6, 4, -41.57785415045],
  ])('is that of R at %d with %d degrees of freedom', (probability, degreesOfFreedom, quantile) => {
    expect(Math.abs(studentTQuantile(probability, degreesOfFreedom) / quantile - 1)).toBeLessThan(RELATIVE)
  })

  it('inverts the distribution function, also by its closed forms for 1 and 2 degrees of freedom', () => {
    for (const degreesOfFreedom of [1, 2, 3, 30])
      for (const probability of [0.001, 0.3, 0.5, 0.9])
        expect(studentTCdf(studentTQuantile(probability, degreesOfFreedom), degreesOfFreedom)).toBeCloseTo(probability, 11)
  })

  it('is normal with infinitely many degrees of freedom and NaN without any', () => {
    expect(studentTQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975))
    expect(studentTQuantile(0.975, 0)).toBeNaN()
    expect(studentTQuantile(1, 3)).toBeNaN()
  })
})

describe('chiSquareTail', () => {
  it.each([
    // R 4.2.2: pchisq(x, df, lower.tail = FALSE)
    [0.5, 1, 0.479500122186953],
    [3, 4, 0.557825400371075],
    [50, 8, 4.08675894799675e-8],
    [200, 12, 3.26145636672047e-36],
  ])('is that of R at %d with %d degrees of freedom', (x, degreesOfFreedom, tail) => {
    expect(Math.abs(chiSquareTail(x, degreesOfFreedom) / tail - 1)).toBeLessThan(RELATIVE)
  })

  it('is exp(-x / 2) with two degrees of freedom, 1 at 0 and NaN without any', () => {
    expect(chiSquareTail(7, 2)).toBeCloseTo(Math.exp(-3.5), 14)
    expect(chiSquareTail(0, 3)).toBe(1)
    expect(chiSquareTail(1, 0)).toBeNaN()
  })
})

describe('brentRoot', () => {
  it('finds a root to rounding', () => {
    expect(brentRoot((x) => x * x - 2, 0, 2, 0)).toBeCloseTo(Math.SQRT2, 15)
    expect(brentRoot(Math.cos, 3, 1, 0)).toBeCloseTo(Math.PI / 2, 15)
  })

  it('takes an end that is a root, and gives NaN when the signs do not differ', () => {
    expect(brentRoot((x) => x, 0, 1, 0)).toBe(0)
    expect(brentRoot((x) => x * x + 1, -1, 1, 0)).toBeNaN()
  })
})
