import { describe, expect, it } from 'vitest'
import { logGamma } from '../../../src/numeric/log-gamma.js'

/** log |Gamma| to 40 digits with mpmath 1.3.0, rounded. */
const REFERENCE = [
  [1e-8, 18.42068073818021],
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [0.99, 0.005854806764709781],
  [1.5, -0.12078223763524522],
  [2.5, 0.2846828704729192],
  [7.3, 7.147892523022248],
  [9.99, 12.779315214350193],
  [10, 12.801827480081469],
  [33.3, 82.60372358165495],
  [1000.5, 5908.674175848678],
  [1e10, 220258509288.81058],
  [-0.5, 1.2655121234846454],
  [-2.5, -0.056243716497674054],
  [-7.25, -7.54188344347575],
]

/** About ten roundings of terms below 20, or 5 units in the last place of larger results. */
const tolerance = (expected: number): number => Math.max(1e-14, 5 * Number.EPSILON * Math.abs(expected))

describe('logGamma', () => {
  it.each(REFERENCE)('of %d is %d', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(tolerance(expected))
  })

  it('is log (n - 1)! at whole numbers n', () => {
    let factorial = 1
    for (let n = 1; n <= 20; n++) {
      expect(Math.abs(logGamma(n) - Math.log(factorial))).toBeLessThan(tolerance(Math.log(factorial)))
      factorial *= n
    }
  })

  it('satisfies log Gamma(x + 1) = log Gamma(x) + log x', () => {
    for (let x = 0.01; x < 200; x *= 1.37)
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(2 * tolerance(logGamma(x + 1)))
  })

  it('is infinite at the poles and at infinity, NaN of NaN', () => {
    expect([0, -1, -5, Number.POSITIVE_INFINITY].map(logGamma)).toEqual(new Array(4).fill(Number.POSITIVE_INFINITY))
    expect(logGamma(Number.NaN)).toBeNaN()
  })
})
