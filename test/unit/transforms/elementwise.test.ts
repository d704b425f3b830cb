import { describe, expect, it } from 'vitest'
import { identity } from '../../../src/transforms/identity.js'
import { interval } from '../../../src/transforms/interval.js'
import { lowerBound } from '../../../src/transforms/lower-bound.js'
import { positive } from '../../../src/transforms/positive.js'
import { upperBound } from '../../../src/transforms/upper-bound.js'
import { float64 } from '../distributions/float64.js'
import { describeTransform } from './describe-transform.js'

const points = [
  [0, 0, 0],
  [0.3, -1.2, 2.5],
  [-2.9, 1.1, 0.01],
]
const inside =
  (lower: number, upper: number) =>
  (values: Float64Array): boolean =>
    values.every((value) => value > lower && value < upper)
const { POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: NOT_A_NUMBER } = Number

describeTransform('identity([3])', {
  transform: identity([3]),
  points,
  isInSupport: inside(NEGATIVE_INFINITY, POSITIVE_INFINITY),
  outside: [[NOT_A_NUMBER], [POSITIVE_INFINITY]],
})
describeTransform('positive([3])', {
  transform: positive([3]),
  points,
  isInSupport: inside(0, POSITIVE_INFINITY),
  outside: [[0, 1, 1], [1, -1, 1], [NOT_A_NUMBER], [POSITIVE_INFINITY]],
})
describeTransform('lowerBound([3], -1.5)', {
  transform: lowerBound([3], -1.5),
  points,
  isInSupport: inside(-1.5, POSITIVE_INFINITY),
  outside: [[-1.5, 0, 0], [-2], [NOT_A_NUMBER], [POSITIVE_INFINITY]],
})
describeTransform('upperBound([3], 0.5)', {
  transform: upperBound([3], 0.5),
  points,
  isInSupport: inside(NEGATIVE_INFINITY, 0.5),
  outside: [[0.5, 0, 0], [2], [NOT_A_NUMBER], [NEGATIVE_INFINITY]],
})
describeTransform('interval([3], -3, 5)', {
  transform: interval([3], -3, 5),
  points,
  isInSupport: inside(-3, 5),
  outside: [[-3, 0, 0], [0, 5, 0], [7], [NOT_A_NUMBER]],
})

describe('interval', () => {
  it('keeps the log Jacobian log(width) - |x| accurate where the value has reached a bound', () => {
    const transform = interval([], 0, 4)
    const logJacobian = float64([[]], (x) => transform.logJacobian(x) ?? x)
    for (const x of [-700, -60, 60, 700])
      expect(Math.abs(logJacobian(Float64Array.of(x))[0] - (Math.log(4) - Math.abs(x)))).toBeLessThan(700 * Number.EPSILON)
  })
})
