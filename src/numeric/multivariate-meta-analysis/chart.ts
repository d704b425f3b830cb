/**
 * Coordinates for the between-trial covariance around a point: T = F F', F = V L, L = sum_p theta_p E_p with E_p sums of unit matrices. Derivatives of a function of
 * T with gradient G and Hessian H:
 *
 *     gradient  2 <V' G V L, E_p>,    Hessian  J' H J + 2 <V' G V, E_p E_q'>,    J = dT / d theta
 *
 * Unstructured, V holds the eigenvectors of T in order of falling eigenvalues: a Cholesky factor of a singular matrix is smooth only when its zero pivots come last.
 */
import { symmetricEigen } from '../symmetric-eigen.js'
import { fromEigen, type Structure } from './structure.js'

export interface Chart {
  readonly size: number
  /** V, column k of it in row k. */
  readonly frame: Float64Array
  /** (row, column) of the ones of E_p. */
  readonly patterns: readonly (readonly (readonly [row: number, column: number])[])[]
  /** theta at the point. */
  readonly origin: Float64Array
}

/** Around T, which must be of the structure. */
export function chartAt(structure: Structure, between: Float64Array, size: number): Chart {
  const indices = Array.from({ length: size }, (_, index) => index)
  const diagonal = indices.map((i) => [i, i] as const)
  const axes = fromEigen(new Float64Array(size).fill(1), identityMatrix(size), size)
  const roots = (positions: readonly number[]) =>
    Float64Array.from(positions, (i) => Math.sqrt(Math.max(0, between[i * (size + 1)])))
  switch (structure) {
    case 'random-effect':
      return { size, frame: axes, patterns: [[[0, 0]]], origin: roots([0]) }
    case 'identity':
      return { size, frame: axes, patterns: [diagonal], origin: roots([0]) }
    case 'diagonal':
      return { size, frame: axes, patterns: diagonal.map((pair) => [pair]), origin: roots(indices) }
    case 'compound-symmetry': {
      if (size === 1) return { size, frame: axes, patterns: [diagonal], origin: roots([0]) }
      const [variance, covariance] = [between[0], between[1]]
      const origin = [variance + (size - 1) * covariance, variance - covariance].map((value) => Math.sqrt(Math.max(0, value)))
      return { size, frame: helmert(size), patterns: [[diagonal[0]], diagonal.slice(1)], origin: Float64Array.from(origin) }
    }
    default:
      return eigenChart(between, size)
  }
}

function eigenChart(between: Float64Array, size: number): Chart {
  const { values, vectors } = symmetricEigen(between, size)
  const order = [...values.keys()].sort((left, right) => values[right] - values[left])
  const frame = new Float64Array(size * size)
  order.forEach((k, place) => {
    frame.set(vectors.subarray(k * size, (k + 1) * size), place * size)
  })
  const pairs = order.flatMap((_, row) => Array.from({ length: row + 1 }, (__, column) => [row, column] as const))
  const origin = Float64Array.from(pairs, ([row, column]) => (row === column ? Math.sqrt(Math.max(0, values[order[row]])) : 0))
  return { size, frame, patterns: pairs.map((pair) => [pair]), origin }
}

function identityMatrix(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0))
}

/** Orthonormal rows, the first constant. */
function helmert(size: number): Float64Array {
  const out = new Float64Array(size * size).fill(1 / Math.sqrt(size), 0, size)
  for (let k = 1; k < size; k++) {
    const length = Math.sqrt(k * (k + 1))
    out.fill(1 / length, k * size, k * size + k)
    out[k * size + k] = -k / length
  }
  return out
}

/** Columns of F = V L, each in a row. */
function factorColumns({ size, frame, patterns }: Chart, theta: Float64Array): Float64Array {
  const out = new Float64Array(size * size)
  patterns.forEach((ones, p) => {
    for (const [row, column] of ones) for (let i = 0; i < size; i++) out[column * size + i] += theta[p] * frame[row * size + i]
  })
  return out
}

/** T = F F' */
export function covarianceAt(chart: Chart, theta: Float64Array): Float64Array {
  return fromEigen(new Float64Array(chart.size).fill(1), factorColumns(chart, theta), chart.size)
}

/** dT / d theta at the origin over the active elements, `[parameter, element]`. */
export function jacobian(chart: Chart, active: readonly (readonly [number, number])[]): Float64Array {
  const { size, frame, patterns, origin } = chart
  const columns = factorColumns(chart, origin)
  const out = new Float64Array(patterns.length * active.length)
  patterns.forEach((ones, p) => {
    for (const [r, s] of ones)
      active.forEach(([row, column], a) => {
        out[p * active.length + a] +=
          frame[r * size + row] * columns[s * size + column] + frame[r * size + column] * columns[s * size + row]
      })
  })
  return out
}

/** V' G V */
export function inFrame({ size, frame }: Chart, gradient: Float64Array): Float64Array {
  const product = new Float64Array(size * size)
  const out = new Float64Array(size * size)
  for (let k = 0; k < size; k++)
    for (let row = 0; row < size; row++)
      for (let i = 0; i < size; i++) product[k * size + row] += frame[k * size + i] * gradient[i * size + row]
  for (let k = 0; k < size; k++)
    for (let l = 0; l < size; l++) for (let i = 0; i < size; i++) out[k * size + l] += product[k * size + i] * frame[l * size + i]
  return out
}

/** 2 <V' G V L, E_p> at the origin; `framed` is V' G V. */
export function chartGradient({ size, patterns, origin }: Chart, framed: Float64Array): Float64Array {
  const product = new Float64Array(size * size)
  patterns.forEach((ones, p) => {
    for (const [row, column] of ones)
      for (let k = 0; k < size; k++) product[k * size + column] += origin[p] * framed[k * size + row]
  })
  return Float64Array.from(patterns, (ones) => ones.reduce((sum, [row, column]) => sum + 2 * product[row * size + column], 0))
}

/** 2 <V' G V, E_p E_q'> */
export function bending({ size, patterns }: Chart, framed: Float64Array): Float64Array {
  const out = new Float64Array(patterns.length ** 2)
  patterns.forEach((left, p) => {
    for (let q = 0; q < patterns.length; q++) {
      let sum = 0
      for (const [row, column] of left)
        for (const [otherRow, otherColumn] of patterns[q]) if (column === otherColumn) sum += framed[row * size + otherRow]
      out[p * patterns.length + q] = 2 * sum
    }
  })
  return out
}
