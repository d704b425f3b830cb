import { describe, expect, it } from 'vitest'
import { joinPoints, joinStretches } from '../../../src/inference/u-turn.js'

const vector = (...values: number[]) => Float64Array.of(...values)

describe('joinPoints', () => {
  it('goes on while the sum of the momenta points along both', () => {
    const sum = vector(0, 0)
    expect(joinPoints(vector(1, 0), vector(0, 1), sum)).toBe(true)
    expect([...sum]).toEqual([1, 1])
  })
  it('stops when either momentum points against the sum', () => {
    expect(joinPoints(vector(3, 0), vector(-1, 0), vector(0, 0))).toBe(false)
    expect(joinPoints(vector(-1, 0), vector(3, 0), vector(0, 0))).toBe(false)
  })
  it('stops at NaN', () => {
    expect(joinPoints(vector(1, 0), vector(Number.NaN, 1), vector(0, 0))).toBe(false)
  })
})

describe('joinStretches', () => {
  const right = vector(1, 0)
  const join = (
    leftFirst: Float64Array,
    leftLast: Float64Array,
    leftSum: Float64Array,
    rightFirst: Float64Array,
    rightLast: Float64Array,
    rightSum: Float64Array,
  ) => joinStretches(leftFirst, leftLast, leftSum, rightFirst, rightLast, rightSum)

  it('adds the sum of the right stretch to the left one', () => {
    const sum = vector(2, 1)
    expect(join(right, right, sum, right, right, vector(3, 4))).toBe(true)
    expect([...sum]).toEqual([5, 5])
  })
  it.each([
    ['the whole against its first momentum', vector(-1, 1), vector(1, 0), vector(0, 1), vector(0, 1), vector(1, 0), vector(9, 0)],
    ['the whole against its last momentum', vector(1, 0), vector(0, 1), vector(9, 0), vector(1, 0), vector(-1, 1), vector(0, 1)],
    [
      'the left stretch and the seam against the first momentum',
      vector(1, -1),
      vector(1, 0),
      vector(0, -1),
      vector(0, 2),
      vector(1, 0),
      vector(10, 0),
    ],
    [
      'the left stretch and the seam against the far side of the seam',
      vector(1, 0),
      vector(1, 0),
      vector(9, 0),
      vector(-1, 0),
      vector(1, 0),
      vector(9, 0),
    ],
    [
      'the right stretch and the seam against the near side of the seam',
      vector(1, 0),
      vector(-1, 0),
      vector(9, 0),
      vector(1, 0),
      vector(1, 0),
      vector(9, 0),
    ],
    [
      'the right stretch and the seam against the last momentum',
      vector(1, 0),
      vector(0, 2),
      vector(10, 0),
      vector(1, 0),
      vector(1, -1),
      vector(0, -1),
    ],
  ])('stops at a turn of %s and nowhere else', (_, leftFirst, leftLast, leftSum, rightFirst, rightLast, rightSum) => {
    expect(join(leftFirst, leftLast, leftSum, rightFirst, rightLast, rightSum)).toBe(false)
  })
  it('judges each of the two ends of the seam separately', () => {
    // Left sum (-2, 0) + far side (3, 0) = (1, 0) points along everything; without the far side it would not.
    expect(join(right, right, vector(-2, 0), vector(3, 0), right, vector(9, 0))).toBe(true)
  })
})
