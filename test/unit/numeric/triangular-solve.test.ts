import { describe, expect, it } from 'vitest'
import { backwardSolveInPlace, choleskySolveInPlace, forwardSolveInPlace } from '../../../src/numeric/triangular-solve.js'

/** L = [[2, 0], [1, 3]]; the entry above the diagonal must not be read. */
const factor = Float64Array.of(2, Number.NaN, 1, 3)

describe('triangular solves in place', () => {
  it('forward: L x = (4, 11) has the solution (2, 3)', () => {
    const vector = Float64Array.of(4, 11)
    forwardSolveInPlace(factor, vector, 2)
    expect([...vector]).toEqual([2, 3])
  })

  it('backward: L transposed x = (7, 9) has the solution (2, 3)', () => {
    const vector = Float64Array.of(7, 9)
    backwardSolveInPlace(factor, vector, 2)
    expect([...vector]).toEqual([2, 3])
  })

  it('both: L L transposed x = (14, 34) has the solution (2, 3)', () => {
    const vector = Float64Array.of(14, 34)
    choleskySolveInPlace(factor, vector, 2)
    expect(vector[0]).toBeCloseTo(2, 14)
    expect(vector[1]).toBeCloseTo(3, 14)
  })

  it('takes offsets into longer arrays and leaves the rest alone', () => {
    const factors = Float64Array.of(9, 9, 9, 9, ...factor)
    const vectors = Float64Array.of(5, 14, 34, 5)
    choleskySolveInPlace(factors, vectors, 2, 4, 1)
    expect(vectors[0]).toBe(5)
    expect(vectors[1]).toBeCloseTo(2, 14)
    expect(vectors[2]).toBeCloseTo(3, 14)
    expect(vectors[3]).toBe(5)
  })
})
