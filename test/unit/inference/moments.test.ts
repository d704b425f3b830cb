import { describe, expect, it } from 'vitest'
import { covarianceMetric, varianceMetric } from '../../../src/inference/covariance-metric.js'
import { inverseMetric } from '../../../src/inference/metric.js'
import { addVector, createMoments, mergeMoments, varianceOf } from '../../../src/inference/moments.js'

function accumulated(kind: 'diagonal' | 'dense', ...vectors: number[][]) {
  const moments = createMoments(kind, vectors[0].length)
  for (const vector of vectors) addVector(moments, Float64Array.from(vector))
  return moments
}

describe('moments', () => {
  it('hold the mean and the sum of squared deviations', () => {
    const moments = accumulated('diagonal', [1, 10], [2, 10], [6, 13])
    expect([...moments.mean]).toEqual([3, 11])
    expect([...moments.deviation]).toEqual([14, 6])
    expect(varianceOf(moments, 1)).toBe(3)
  })
  it('hold the sums of products of deviations below the diagonal', () => {
    const moments = accumulated('dense', [1, 10], [2, 10], [6, 13])
    expect([...moments.mean]).toEqual([3, 11])
    // (1-3)(10-11) + (2-3)(10-11) + (6-3)(13-11) = 9, up to rounding of thirds.
    for (const [i, expected] of [14, 0, 9, 6].entries()) expect(moments.deviation[i]).toBeCloseTo(expected, 13)
    expect(varianceOf(moments, 1)).toBeCloseTo(3, 13)
  })
  it.each(['diagonal', 'dense'] as const)('do not cancel far from zero (%s)', (kind) => {
    const offset = 1e9
    expect(varianceOf(accumulated(kind, [offset + 1], [offset + 2], [offset + 3]), 0)).toBeCloseTo(1, 6)
  })
  it.each(['diagonal', 'dense'] as const)('of two samples merge to those of all, also with an empty one (%s)', (kind) => {
    const [first, second] = [
      [
        [1, 10],
        [2, 10],
      ],
      [
        [6, 13],
        [-3, 11],
        [0, 4],
      ],
    ]
    const all = accumulated(kind, ...first, ...second)
    const merged = mergeMoments(accumulated(kind, ...first), accumulated(kind, ...second))
    expect(merged.count).toBe(5)
    for (const [i, value] of all.mean.entries()) expect(merged.mean[i]).toBeCloseTo(value, 13)
    for (const [i, value] of all.deviation.entries()) expect(merged.deviation[i]).toBeCloseTo(value, 12)
    expect(mergeMoments(createMoments(kind, 2), all)).toEqual(all)
    expect(mergeMoments(all, createMoments(kind, 2))).toEqual(all)
  })
})

describe('covarianceMetric', () => {
  it('shrinks the n - 1 variances towards 0.001 with the weight of five observations', () => {
    const [first, second] = inverseMetric(covarianceMetric(accumulated('diagonal', [1, 10], [2, 10], [6, 13]))!, 2)
    expect(first).toBeCloseTo((3 / 8) * 7 + 1e-3 * (5 / 8), 13)
    expect(second).toBeCloseTo((3 / 8) * 3 + 1e-3 * (5 / 8), 13)
  })
  it('shrinks covariances towards 0', () => {
    const inverse = inverseMetric(covarianceMetric(accumulated('dense', [1, 10], [2, 10], [6, 13]))!, 2)
    const expected = [(3 / 8) * 7 + 1e-3 * (5 / 8), (3 / 8) * 4.5, (3 / 8) * 4.5, (3 / 8) * 3 + 1e-3 * (5 / 8)]
    for (const [i, value] of expected.entries()) expect(inverse[i]).toBeCloseTo(value, 13)
  })
  it('takes the variances alone of dense moments when asked', () => {
    const dense = varianceMetric(accumulated('dense', [1, 10], [2, 10], [6, 13]))!
    const diagonal = varianceMetric(accumulated('diagonal', [1, 10], [2, 10], [6, 13]))!
    expect(dense.kind).toBe('diagonal')
    for (const i of [0, 1]) expect(dense.root[i]).toBeCloseTo(diagonal.root[i], 13)
  })
  it('is missing with fewer than two draws or a variance that is not finite', () => {
    expect(covarianceMetric(createMoments('diagonal', 2))).toBeUndefined()
    expect(covarianceMetric(accumulated('dense', [3]))).toBeUndefined()
    expect(covarianceMetric(accumulated('diagonal', [1e200], [-1e200]))).toBeUndefined()
  })
})
