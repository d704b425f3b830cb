import { describe, expect, it } from 'vitest'
import { symmetricEigen } from '../../../src/numeric/symmetric-eigen.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

function randomSymmetric(dimension: number, rank = dimension): Float64Array {
  const source = stream(3, 'symmetric', dimension, rank)
  const factor = Float64Array.from({ length: dimension * rank }, () => drawNormal(source, 0, 1))
  return Float64Array.from({ length: dimension * dimension }, (_, at) => {
    const [row, column] = [Math.floor(at / dimension), at % dimension]
    let sum = 0
    for (let k = 0; k < rank; k++) sum += (k % 3 === 2 ? -1 : 1) * factor[row * rank + k] * factor[column * rank + k]
    return sum
  })
}

/** Orthogonal transformations are backward stable: the error is a small multiple of eps times the norm (Golub and Van Loan 2013, 8.3.4). */
const errorOf = (matrix: Float64Array, dimension: number) => 10 * dimension * Number.EPSILON * Math.hypot(...matrix)

/** Largest element of A - sum_k value_k v_k v_k'. */
function residual(matrix: Float64Array, values: Float64Array, vectors: Float64Array): number {
  const dimension = values.length
  return Math.max(
    ...matrix.map((element, at) => {
      const [row, column] = [Math.floor(at / dimension), at % dimension]
      let sum = 0
      for (let k = 0; k < dimension; k++) sum += values[k] * vectors[k * dimension + row] * vectors[k * dimension + column]
      return Math.abs(element - sum)
    }),
  )
}

describe('eigenvalues of a symmetric matrix', () => {
  it('of [[2, 1], [1, 2]] are 1 and 3 with vectors along the diagonals', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2)
    expect([...values].sort()).toEqual([expect.closeTo(1, 14), expect.closeTo(3, 14)])
    for (const component of vectors) expect(Math.abs(component)).toBeCloseTo(Math.SQRT1_2, 14)
  })

  it.each([1, 2, 5, 20, 50])('with their vectors give back a matrix of dimension %d, indefinite too', (dimension) => {
    const matrix = randomSymmetric(dimension)
    const { values, vectors } = symmetricEigen(matrix, dimension)
    expect(residual(matrix, values, vectors)).toBeLessThanOrEqual(errorOf(matrix, dimension))
    const wrong = values.map((value, k) => (k === 0 ? value * (1 + 1e-6) + 1e-6 : value))
    expect(residual(matrix, wrong, vectors)).toBeGreaterThan(errorOf(matrix, dimension))
  })

  it('of a matrix that is not of full rank include zeros, and of a zero matrix are zeros', () => {
    const matrix = randomSymmetric(6, 2)
    const small = symmetricEigen(matrix, 6).values.filter((value) => Math.abs(value) < errorOf(matrix, 6))
    expect(small).toHaveLength(4)
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0])
  })

  it('of a matrix that is not finite come back as they may, without end being lost', () => {
    expect(symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2).values.some(Number.isNaN)).toBe(true)
  })
})
