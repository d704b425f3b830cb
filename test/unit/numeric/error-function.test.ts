import { describe, expect, it } from 'vitest'
import { erf, erfc } from '../../../src/numeric/error-function.js'

/** x, erf(x), erfc(x) by mpmath 1.3.0 with 50 digits, rounded to float64. */
const REFERENCE: readonly (readonly [number, number, number])[] = [
  [-5.5, -0.9999999999999927, 1.9999999999999927],
  [-2.5, -0.999593047982555, 1.999593047982555],
  [-0.75, -0.7111556336535151, 1.7111556336535152],
  [-1e-10, -1.1283791670955126e-10, 1.000000000112838],
  [1e-300, 1.1283791670955126e-300, 1.0],
  [0.1, 0.1124629160182849, 0.887537083981715],
  [0.46875, 0.49261347321793797, 0.507386526782062],
  [0.75, 0.7111556336535151, 0.28884436634648486],
  [0.9999999999999999, 0.8427007929497148, 0.1572992070502852],
  [1.0, 0.8427007929497149, 0.15729920705028513],
  [1.25, 0.9229001282564583, 0.07709987174354177],
  [1.5, 0.9661051464753108, 0.033894853524689274],
  [2.0, 0.9953222650189527, 0.004677734981047266],
  [2.4999999999999996, 0.999593047982555, 0.0004069520174449599],
  [2.5, 0.999593047982555, 0.0004069520174449589],
  [3.0, 0.9999779095030014, 2.209049699858544e-5],
  [4.0, 0.9999999845827421, 1.541725790028002e-8],
  [6.0, 1.0, 2.1519736712498913e-17],
  [10.0, 1.0, 2.088487583762545e-45],
  [20.0, 1.0, 5.395865611607901e-176],
  [26.0, 1.0, 5.663192408856143e-296],
  [26.5, 1.0, 2.2109076642637343e-307],
]

/** A sum of up to 40 positive terms and two exponentials: a dozen units in the last place. */
const ERF_TOLERANCE = 2e-15
/** 1 - erf(x) for x up to 1, where erfc(1) = 0.157 magnifies the rounding of erf by 1 / 0.157. */
const ERFC_TOLERANCE = 4e-15

const relative = (value: number, truth: number) => Math.abs(value - truth) / Math.abs(truth)
const sweep = Array.from({ length: 2000 }, (_, i) => -6 + (i * 32) / 2000)

describe('erf and erfc', () => {
  it('agree with 50-digit values to 2e-15 and 4e-15 relative, the far tail included', () => {
    for (const [x, erfOfX, erfcOfX] of REFERENCE) {
      expect(relative(erf(x), erfOfX), `erf(${x})`).toBeLessThan(ERF_TOLERANCE)
      expect(relative(erfc(x), erfcOfX), `erfc(${x})`).toBeLessThan(ERFC_TOLERANCE)
    }
  })
  it('are the printed values of Abramowitz and Stegun 1964, table 7.1', () => {
    expect(erf(0.5)).toBeCloseTo(0.5204998778, 10)
    expect(erf(1)).toBeCloseTo(0.8427007929, 10)
    expect(erf(1.5)).toBeCloseTo(0.9661051465, 10)
    expect(erf(2)).toBeCloseTo(0.995322265, 10)
  })
  it('are odd and complementary over the whole range', () => {
    for (const x of sweep) {
      expect(erf(-x)).toBe(-erf(x))
      expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThan(ERF_TOLERANCE)
      expect(relative(erfc(-x) + erfc(x), 2)).toBeLessThan(ERF_TOLERANCE)
    }
  })
  it('have no step where the method changes', () => {
    for (const seam of [1, 2.5]) {
      const below = seam * (1 - Number.EPSILON)
      expect(relative(erf(below), erf(seam))).toBeLessThan(ERF_TOLERANCE)
      expect(relative(erfc(below), erfc(seam))).toBeLessThan(2 * ERFC_TOLERANCE)
    }
  })
  it('erfc has the derivative -2 / sqrt(pi) exp(-x^2)', () => {
    // Truncation h^2 (4 x^2 - 2) / 6 relative, plus the rounding of erfc divided by h.
    const h = 1e-4
    for (const x of [0.3, 0.95, 1.05, 2, 4, 8]) {
      const slope = (erfc(x + h) - erfc(x - h)) / (2 * h)
      const allowed =
        (h * h * (4 * x * x + 2)) / 6 + (ERFC_TOLERANCE * erfc(x)) / (h * (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x))
      expect(relative(slope, (-2 / Math.sqrt(Math.PI)) * Math.exp(-x * x))).toBeLessThan(allowed)
    }
  })
  it('take the limits at 0 and infinity, and NaN to NaN', () => {
    expect([erf(0), erfc(0), erf(Infinity), erfc(Infinity), erf(-Infinity), erfc(-Infinity)]).toEqual([0, 1, 1, 0, -1, 2])
    expect([erf(Number.NaN), erfc(Number.NaN)]).toEqual([Number.NaN, Number.NaN])
    expect(erfc(30)).toBe(0)
  })
  it('negative control: a float32 approximation such as that of tfjs fails the comparison', () => {
    expect(relative(Math.fround(erf(0.75)), erf(0.75))).toBeGreaterThan(ERF_TOLERANCE)
  })
})
