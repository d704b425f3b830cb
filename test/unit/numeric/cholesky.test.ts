import { describe, expect, it } from 'vitest'
import { choleskyInPlace, logDeterminantOfCholesky } from '../../../src/numeric/cholesky.js'
import { flat, largestDifference, multiply, positiveDefinite, ROUNDING, rows, transpose } from './matrices.js'

const lower = (factor: Float64Array, size: number) =>
  rows(factor, size).map((row, i) => row.map((value, j) => (j <= i ? value : 0)))

describe('choleskyInPlace', () => {
  it('gives the factor of [[4, 2], [2, 10]] as [[2, 0], [1, 3]]', () => {
    const matrix = Float64Array.of(4, 2, 2, 10)
    expect(choleskyInPlace(matrix, 2)).toBe(true)
    expect([...matrix]).toEqual([2, 2, 1, 3])
    expect(logDeterminantOfCholesky(matrix, 2)).toBeCloseTo(Math.log(36), 14)
  })

  it.each([1, 2, 5, 12, 23])('reproduces a %i x %i matrix as L L transposed', (size) => {
    const matrix = positiveDefinite(size)
    const factor = flat(matrix)
    expect(choleskyInPlace(factor, size)).toBe(true)
    const product = multiply(lower(factor, size), transpose(lower(factor, size)))
    expect(largestDifference(flat(product), flat(matrix))).toBeLessThan(ROUNDING)
    expect(largestDifference(flat(product), flat(positiveDefinite(size, 1)))).toBeGreaterThan(ROUNDING)
  })

  it('works on one matrix of several and leaves its neighbours alone', () => {
    const batch = Float64Array.of(7, 7, 7, 7, 4, 2, 2, 10, 7, 7, 7, 7)
    expect(choleskyInPlace(batch, 2, 4)).toBe(true)
    expect([...batch]).toEqual([7, 7, 7, 7, 2, 2, 1, 3, 7, 7, 7, 7])
    expect(logDeterminantOfCholesky(batch, 2, 4)).toBeCloseTo(Math.log(36), 14)
  })

  it('reads the lower triangle only', () => {
    const matrix = Float64Array.of(4, Number.NaN, 2, 10)
    expect(choleskyInPlace(matrix, 2)).toBe(true)
    expect(matrix[3]).toBe(3)
  })

  it.each([
    ['indefinite', [1, 2, 2, 1]],
    ['singular', [1, 1, 1, 1]],
    ['negative', [-1, 0, 0, 1]],
    ['not a number', [Number.NaN, 0, 0, 1]],
    ['infinite', [Number.POSITIVE_INFINITY, 0, 0, 1]],
  ])('returns false for a matrix that is %s', (_, values) => {
    expect(choleskyInPlace(Float64Array.from(values), 2)).toBe(false)
  })
})
