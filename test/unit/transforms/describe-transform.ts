import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Transform } from '../../../src/contract/transform.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { float64 } from '../distributions/float64.js'

export interface TransformCase {
  readonly transform: Transform
  /** Unconstrained values, row-major. */
  readonly points: readonly (readonly number[])[]
  /** What every constrained value satisfies. */
  readonly isInSupport: (constrained: Float64Array) => boolean
  /** Values outside the support. */
  readonly outside: readonly (readonly number[])[]
  /** Elements of the constrained value that determine the others; all when absent. */
  readonly freeElements?: readonly number[]
}

/** exp and log round relative to values up to e^3 here, and inverses amplify that by at most e^6. */
const ROUND_TRIP_TOLERANCE = 1e-12
/** Central differences with this step err by step^2 times a third derivative of order one, plus rounding / step. */
const STEP = 1e-5
const JACOBIAN_TOLERANCE = 1e-8

export function describeTransform(title: string, { transform, points, isInSupport, outside, freeElements }: TransformCase): void {
  const shapes = [[...transform.unconstrainedShape]]
  const constrain = float64(shapes, (x) => transform.constrain(x))
  const logJacobian = float64(shapes, (x) => transform.logJacobian(x) ?? tf.mul(tf.sum(x), 0))
  const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

  describe(title, () => {
    it.each(points)('maps %j into the support and back', (...point) => {
      const constrained = constrain(Float64Array.from(point))
      expect(constrained.length).toBe(size(transform.constrainedShape))
      expect(isInSupport(constrained)).toBe(true)
      const back = transform.unconstrain(constrained)
      expect(back.length).toBe(size(transform.unconstrainedShape))
      back.forEach((value, i) => {
        expect(Math.abs(value - point[i])).toBeLessThan(ROUND_TRIP_TOLERANCE)
      })
    })

    it.each(points)('has at %j the log Jacobian that differences of constrain give', (...point) => {
      const x = Float64Array.from(point)
      const expected = logDeterminantByDifferences(constrain, x, freeElements)
      const actual = logJacobian(x)[0]
      expect(Math.abs(actual - expected)).toBeLessThan(JACOBIAN_TOLERANCE)
    })

    it.each(outside)('refuses %j', (...value) => {
      expect(() => transform.unconstrain(Float64Array.from(value))).toThrow(UsageError)
    })
  })
}

function logDeterminantByDifferences(
  constrain: (x: Float64Array) => Float64Array,
  x: Float64Array,
  freeElements: readonly number[] = Array.from(x.keys()),
): number {
  const moved = (i: number, step: number): Float64Array => constrain(x.map((value, j) => (i === j ? value + step : value)))
  const columns = Array.from(x.keys(), (i) => {
    const [above, below] = [moved(i, STEP), moved(i, -STEP)]
    return freeElements.map((element) => (above[element] - below[element]) / (2 * STEP))
  })
  return logAbsoluteDeterminant(columns)
}

/** Gaussian elimination with row pivoting, in place. */
function logAbsoluteDeterminant(rows: number[][]): number {
  let sum = 0
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.slice(k).reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(rows[best][k]) ? k + i : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    sum += Math.log(Math.abs(rows[k][k]))
    for (const row of rows.slice(k + 1)) {
      const factor = row[k] / rows[k][k]
      for (let j = k; j < row.length; j++) row[j] -= factor * rows[k][j]
    }
  }
  return sum
}
