import { ordered } from '../../../src/transforms/ordered.js'
import { describeTransform } from './describe-transform.js'

const isIncreasing = (y: Float64Array): boolean => y.every((value, i) => i === 0 || value > y[i - 1])

describeTransform('ordered([4])', {
  transform: ordered([4]),
  points: [
    [0, 0, 0, 0],
    [-3, 0.3, -1.2, 2.5],
    [5, -2.9, 1.1, 0.01],
  ],
  isInSupport: isIncreasing,
  outside: [
    [1, 2, 2, 3],
    [1, 0, 2, 3],
    [1, 2, 3, Number.NaN],
    [Number.NaN, 2, 3, 4],
    [1, 2, 3, Number.POSITIVE_INFINITY],
  ],
})
describeTransform('ordered([2, 2]), two of them', {
  transform: ordered([2, 2]),
  points: [[4, 0.5, -1, -0.7]],
  isInSupport: (y) => isIncreasing(y.subarray(0, 2)) && isIncreasing(y.subarray(2)),
  outside: [[1, 2, 4, 3]],
})
describeTransform('ordered([1])', {
  transform: ordered([1]),
  points: [[-0.4]],
  isInSupport: isIncreasing,
  outside: [[Number.NaN]],
})
