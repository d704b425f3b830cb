import { Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { dependentColumns } from '../../../src/data/dependent-columns.js'

const vander = Array.from({ length: 12 }, (_, row) => [1, row, row * row])

describe('dependentColumns', () => {
  it('finds none in a Vandermonde matrix', () => {
    expect(dependentColumns(new Matrix(vander))).toEqual([])
  })

  it('names a combination of earlier columns and what it combines', () => {
    const rows = vander.map(([one, x, square]) => [one, x, square, 3 * square - 2 * one])
    expect(dependentColumns(new Matrix(rows))).toEqual([{ column: 3, combinationOf: [0, 2] }])
  })

  it('does not depend on the units of the columns', () => {
    const rows = vander.map(([one, x, square]) => [one, 1e-9 * x, 1e9 * square, 1e-6 * (square + x)])
    expect(dependentColumns(new Matrix(rows))).toEqual([{ column: 3, combinationOf: [1, 2] }])
  })

  it('lets pass a column whose residual is ten times the tolerance, and not one a tenth of it', () => {
    const perturbed = (size: number) =>
      vander.map(([one, x], row) => [
        one,
        x,
        x + one + ((row % 2 ? size : -size) * Math.hypot(...vander.map(([a, b]) => a + b))) / Math.sqrt(12),
      ])
    expect(dependentColumns(new Matrix(perturbed(1e-6)))).toEqual([])
    expect(dependentColumns(new Matrix(perturbed(1e-8)))).toHaveLength(1)
  })

  it('finds at least columns minus rows dependent in a wide matrix, and zero columns', () => {
    expect(
      dependentColumns(
        new Matrix([
          [1, 0, 1],
          [1, 0, 2],
        ]),
      ).map(({ column }) => column),
    ).toEqual([1])
    expect(
      dependentColumns(
        new Matrix([
          [1, 1, 3],
          [1, 2, 5],
        ]),
      ).map(({ column }) => column),
    ).toEqual([2])
  })
})
