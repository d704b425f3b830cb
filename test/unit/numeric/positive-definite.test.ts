import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import {
  choleskyFactor,
  invertPositiveDefinite,
  logDeterminantPositiveDefinite,
  solvePositiveDefinite,
} from '../../../src/numeric/positive-definite.js'
import { flat, invert, largestDifference, multiply, positiveDefinite, ROUNDING, rows, scatter } from './matrices.js'

describe('positive definite matrices', () => {
  it.each([1, 3, 9])('inverse and solution of size %i agree with Gauss-Jordan elimination', (size) => {
    const matrix = positiveDefinite(size)
    const rightSide = scatter(size, 3)
    const inverse = invertPositiveDefinite(flat(matrix), size)
    expect(largestDifference(inverse, flat(invert(matrix)))).toBeLessThan(ROUNDING)
    const expected = multiply(invert(matrix), rows(rightSide, 1))
    expect(largestDifference(solvePositiveDefinite(flat(matrix), rightSide), flat(expected))).toBeLessThan(ROUNDING)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) expect(inverse[i * size + j]).toBe(inverse[j * size + i])
  })

  it('the log determinant of diag(2, 3, 5) is log 30', () => {
    expect(logDeterminantPositiveDefinite(Float64Array.of(2, 0, 0, 0, 3, 0, 0, 0, 5), 3)).toBeCloseTo(Math.log(30), 14)
  })

  it('the factor is zero above the diagonal and the argument is left unchanged', () => {
    const matrix = Float64Array.of(4, 2, 2, 10)
    expect([...choleskyFactor(matrix, 2)]).toEqual([2, 0, 1, 3])
    expect([...matrix]).toEqual([4, 2, 2, 10])
  })

  it('refuses a singular matrix with the reason', () => {
    expect(() => invertPositiveDefinite(Float64Array.of(1, 1, 1, 1), 2)).toThrow(RunError)
    expect(() => invertPositiveDefinite(Float64Array.of(1, 1, 1, 1), 2)).toThrow(/not positive definite.*linear combination/)
  })
})
