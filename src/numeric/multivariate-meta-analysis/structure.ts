/**
 * Forms of the between-trial covariance T. Each is an intersection of a linear space of symmetric matrices with the positive semi-definite ones, and
 * T = F F' with F = V L, V orthonormal and L linear in free parameters (`Chart`), so that a singular T is an ordinary point.
 *
 * - `unstructured`: L lower triangular, V the eigenvectors of some T near by, the largest eigenvalue first;
 * - `diagonal`: L diagonal;
 * - `compound-symmetry`: equal variances and covariances: V begins with the mean, L = diag(a, b, ..., b);
 * - `identity`: equal variances, no covariances;
 * - `random-effect`: the first coefficient alone varies.
 */
import { symmetricEigen } from '../symmetric-eigen.js'

export const structures = ['unstructured', 'diagonal', 'compound-symmetry', 'identity', 'random-effect'] as const
export type Structure = (typeof structures)[number]

/** A sparse matrix: row, column and value of its elements. */
export type Sparse = readonly (readonly [row: number, column: number, value: number])[]

export interface StructureBasis {
  /** A basis of the linear space of T; its elements do not overlap, or are orthogonal projections. */
  readonly covariance: readonly Sparse[]
  /** Elements (row >= column) of T that need not be 0. */
  readonly active: readonly (readonly [row: number, column: number])[]
  /** Whether coefficients may be scaled one by one without leaving the structure. */
  readonly isScaleFree: boolean
}

export function structureBasis(structure: Structure, size: number): StructureBasis {
  const indices = Array.from({ length: size }, (_, index) => index)
  const diagonal = indices.map((i) => [i, i] as const)
  const identity: Sparse = diagonal.map(([i]) => [i, i, 1])
  const triangle = indices.flatMap((row) => indices.slice(0, row + 1).map((column) => [row, column] as const))
  if (structure === 'random-effect') return { covariance: [[[0, 0, 1]]], active: [[0, 0]], isScaleFree: true }
  if (structure === 'diagonal') return { covariance: identity.map((element) => [element]), active: diagonal, isScaleFree: true }
  if (structure === 'unstructured')
    return { covariance: triangle.map(([row, column]) => symmetricUnit(row, column)), active: triangle, isScaleFree: true }
  if (structure === 'identity' || size === 1) return { covariance: [identity], active: diagonal, isScaleFree: false }
  const all = indices.flatMap((row) => indices.map((column) => [row, column] as const))
  const mean: Sparse = all.map(([row, column]) => [row, column, 1 / size])
  const rest: Sparse = all.map(([row, column]) => [row, column, (row === column ? 1 : 0) - 1 / size])
  return { covariance: [mean, rest], active: triangle, isScaleFree: false }
}

function symmetricUnit(row: number, column: number): Sparse {
  if (row === column) return [[row, row, 1]]
  return [
    [row, column, 1],
    [column, row, 1],
  ]
}

/** sum_p values_p B_p `[size, size]` */
export function combine(basis: readonly Sparse[], values: ArrayLike<number>, size: number): Float64Array {
  const out = new Float64Array(size * size)
  basis.forEach((elements, p) => {
    for (const [row, column, value] of elements) out[row * size + column] += values[p] * value
  })
  return out
}

/** <B_p, matrix> for each p. */
export function inner(basis: readonly Sparse[], matrix: Float64Array, size: number): Float64Array {
  return Float64Array.from(basis, (elements) => {
    let sum = 0
    for (const [row, column, value] of elements) sum += value * matrix[row * size + column]
    return sum
  })
}

/** The nearest matrix of the structure (Frobenius) whose eigenvalues in it are not below `floor`. */
export function nearestInStructure(structure: Structure, matrix: Float64Array, size: number, floor = 0): Float64Array {
  if (structure === 'unstructured') return floorEigenvalues(matrix, size, floor)
  const { covariance } = structureBasis(structure, size)
  const values = inner(covariance, matrix, size).map((value, p) => {
    const norm = covariance[p].reduce((sum, [, , element]) => sum + element * element, 0)
    return Math.max(floor, value / norm)
  })
  return combine(covariance, values, size)
}

/** The nearest matrix (Frobenius) whose eigenvalues are not below `floor`. */
export function floorEigenvalues(matrix: Float64Array, size: number, floor = 0): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size)
  if (values.every((value) => value >= floor)) return matrix.slice()
  return fromEigen(
    values.map((value) => Math.max(floor, value)),
    vectors,
    size,
  )
}

/** sum_k values_k v_k v_k', eigenvector k in row k. */
export function fromEigen(values: Float64Array, vectors: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let k = 0; k < size; k++)
    if (values[k] !== 0)
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++)
          out[row * size + column] += values[k] * vectors[k * size + row] * vectors[k * size + column]
  return out
}
