import { describe, expect, it } from 'vitest'
import { logAddExp, logOneMinusExp } from '../../../src/numeric/log-space.js'

/** x, log(1 - exp(x)) by mpmath 1.3.0 with 50 digits, rounded to float64. */
const REFERENCE: readonly (readonly [number, number])[] = [
  [-1e-300, -690.7755278982137],
  [-1e-20, -46.051701859880914],
  [-1e-10, -23.025850929990458],
  [-0.1, -2.3521684610440907],
  [-Math.LN2, -Math.LN2],
  [-0.7, -0.6863410028083852],
  [-1, -0.4586751453870819],
  [-10, -4.540096037048921e-5],
  [-36.9, -9.430476078526808e-17],
  [-700, -9.85967654375977e-305],
]
/** Two functions and their condition, which is below 2 on either side of the change of formula. */
const TOLERANCE = 4 * 2 ** -52

const relative = (value: number, truth: number) => Math.abs(value - truth) / Math.abs(truth)

describe('logOneMinusExp', () => {
  it('agrees with 50-digit values from one end to the other', () => {
    for (const [x, expected] of REFERENCE) expect(relative(logOneMinusExp(x), expected), `${x}`).toBeLessThan(TOLERANCE)
  })
  it('is -Infinity at 0, 0 at -Infinity, and NaN above 0', () => {
    expect([0, -Infinity, 0.1].map(logOneMinusExp)).toEqual([-Infinity, -0, Number.NaN])
  })
  it('negative control: the formula as it is written loses the digits', () => {
    expect(relative(Math.log(1 - Math.exp(-1e-10)), logOneMinusExp(-1e-10))).toBeGreaterThan(TOLERANCE)
    expect(Math.log(1 - Math.exp(-700))).not.toBe(logOneMinusExp(-700))
  })
})

describe('logAddExp', () => {
  it('is the log of a sum of exponentials, also where these overflow or vanish', () => {
    expect(logAddExp(Math.log(2), Math.log(3))).toBeCloseTo(Math.log(5), 15)
    expect(logAddExp(1000, 1000)).toBe(1000 + Math.LN2)
    expect(logAddExp(-1000, -1001)).toBeCloseTo(-1000 + Math.log1p(Math.exp(-1)), 12)
    expect(logAddExp(1, -1e20)).toBe(1)
  })
  it('takes -Infinity for a probability of 0', () => {
    expect(logAddExp(-Infinity, 2)).toBe(2)
    expect(logAddExp(2, -Infinity)).toBe(2)
    expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity)
    expect(logAddExp(Infinity, Infinity)).toBe(Infinity)
    expect(logAddExp(Infinity, -Infinity)).toBe(Infinity)
    expect(logAddExp(Number.NaN, 1)).toBeNaN()
  })
})
