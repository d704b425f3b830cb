import { describe, expect, it } from 'vitest'
import { digamma, tetragamma, trigamma } from '../../../src/numeric/digamma.js'

/** x, digamma(x), trigamma(x) by mpmath 1.3.0 with 50 digits, rounded to float64. */
const REFERENCE: readonly (readonly [number, number, number])[] = [
  [1e-8, -100000000.57721564, 1.0000000000000002e16],
  [0.001, -1000.5755719318103, 1000001.6425331958],
  [0.1, -10.423754940411076, 101.43329915079275],
  [0.25, -4.2274535333762655, 17.19732915450711],
  [0.4999999999999999, -1.963510026021424, 4.934802200544681],
  [0.5, -1.9635100260214235, 4.934802200544679],
  [0.75, -1.0858608797864722, 2.5418796476716063],
  [1.0, -0.5772156649015329, 1.6449340668482264],
  [1.25, -0.22745353337626542, 1.1973291545071107],
  [1.4616321449683622, -9.241265521729427e-17, 0.9676722454476212],
  [1.5, 0.03648997397857652, 0.9348022005446793],
  [2.0, 0.42278433509846713, 0.6449340668482264],
  [3.5, 1.103156640645243, 0.3303577561002349],
  [7.0, 1.8727843350984672, 0.15354517795933756],
  [11.75, 2.4206968934226323, 0.08883052207962387],
  [12.0, 2.442661679975812, 0.08690187287176838],
  [13.3, 2.5496992133092684, 0.07808534805013347],
  [50.0, 3.901989673427892, 0.020201333226697125],
  [1000.0, 6.907255195648812, 0.0010005001666666333],
  [100000000.0, 18.420680738952367, 1.000000005e-8],
  [-0.1, 9.245073050052948, 101.92253995947719],
  [-0.5, 0.03648997397857652, 8.934802200544679],
  [-3.3, 3.620353460592126, 14.817739525515929],
  [-10.001, 1002.3485578811336, 1000003.1947184494],
  [-15.73, 0.0173329636653938, 17.479172842763674],
]

/** About ten additions of numbers up to log 12 = 2.5 in size. Digamma has zeros, so its error is relative to 1 or to its value. */
const TOLERANCE = 3e-15

const error = (value: number, truth: number) => Math.abs(value - truth) / Math.max(1, Math.abs(truth))
const relative = (value: number, truth: number) => Math.abs(value - truth) / Math.abs(truth)
const EULER = 0.5772156649015329
const sweep = Array.from({ length: 500 }, (_, i) => 0.01 * 1.03 ** i)

describe('digamma and trigamma', () => {
  it('agree with 50-digit values', () => {
    for (const [x, first, second] of REFERENCE) {
      expect(error(digamma(x), first), `digamma(${x})`).toBeLessThan(TOLERANCE)
      expect(relative(trigamma(x), second), `trigamma(${x})`).toBeLessThan(TOLERANCE)
    }
  })
  it('have the closed forms at 1/2, 1 and 2', () => {
    expect(error(digamma(1), -EULER)).toBeLessThan(TOLERANCE)
    expect(error(digamma(2), 1 - EULER)).toBeLessThan(TOLERANCE)
    expect(error(digamma(0.5), -EULER - 2 * Math.LN2)).toBeLessThan(TOLERANCE)
    expect(relative(trigamma(1), Math.PI ** 2 / 6)).toBeLessThan(TOLERANCE)
    expect(relative(trigamma(0.5), Math.PI ** 2 / 2)).toBeLessThan(TOLERANCE)
  })
  it('satisfy the recurrences digamma(x + 1) = digamma(x) + 1/x and trigamma(x + 1) = trigamma(x) - 1/x^2', () => {
    for (const x of sweep) {
      // x + 1 is rounded by half an ulp, which trigamma(x) <= 1 / x^2 + 2 / x turns into an error of digamma.
      const rounding = (x + 1) * Number.EPSILON * (1 / (x + 1) ** 2 + 2 / (x + 1))
      expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThan(
        TOLERANCE * Math.max(3, Math.abs(digamma(x)), digamma(x + 1)) + rounding,
      )
      expect(Math.abs(trigamma(x + 1) - trigamma(x) + 1 / x ** 2)).toBeLessThan(TOLERANCE * Math.max(1, trigamma(x)))
    }
  })
  it('satisfy the duplication formula digamma(2 x) = (digamma(x) + digamma(x + 1/2)) / 2 + log 2', () => {
    for (const x of sweep) {
      const right = (digamma(x) + digamma(x + 0.5)) / 2 + Math.LN2
      expect(Math.abs(digamma(2 * x) - right)).toBeLessThan(2 * TOLERANCE * Math.max(3, Math.abs(digamma(x)), Math.abs(right)))
    }
  })
  it('are NaN at the poles and for NaN', () => {
    for (const x of [0, -1, -7, Number.NaN]) expect([digamma(x), trigamma(x)]).toEqual([Number.NaN, Number.NaN])
  })
  it('negative control: the first term of the asymptotic series alone fails the comparison', () => {
    expect(error(Math.log(50) - 0.5 / 50, digamma(50))).toBeGreaterThan(TOLERANCE)
  })
})

describe('tetragamma', () => {
  /** By mpmath 1.3.0 with 50 digits. */
  const reference: readonly (readonly [number, number])[] = [
    [-2.3, 68.71379252927031],
    [-0.5, -0.82879664423432],
    [-0.001, 1999999997.5893795],
    [0.001, -2000000002.3976321],
    [0.3, -75.27253658872604],
    [0.5, -16.82879664423432],
    [1, -2.4041138063191885],
    [1.4616, -0.8855761967999034],
    [2.7, -0.19700583557913573],
    [7.5, -0.020305252536644666],
    [12, -0.007547205368998912],
    [40, -0.0006408202718352986],
    [1e5, -1.00001000005e-10],
  ]
  /** Reflection multiplies the cosine of a rounded angle by 2 pi^3. */
  const REFLECTED = TOLERANCE + 2 * Math.PI ** 3 * 2 ** -53
  it('agrees with 50-digit values', () => {
    for (const [x, expected] of reference) expect(error(tetragamma(x), expected), `${x}`).toBeLessThan(REFLECTED)
    for (const [x, expected] of reference.slice(3)) expect(relative(tetragamma(x), expected), `${x}`).toBeLessThan(TOLERANCE)
  })
  it('is -2 zeta(3) at 1 and NaN at the poles', () => {
    expect(relative(tetragamma(1), -2 * 1.2020569031595942)).toBeLessThan(TOLERANCE)
    expect([0, -1, -7].map(tetragamma)).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
})
