import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { multivariateNormal } from '../../../src/distributions/multivariate-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { checkedComputations } from '../../../src/engine/checked-computations.js'
import { type ProgramCache, programCache } from '../../../src/engine/program-cache.js'
import { ModelError } from '../../../src/errors/model-error.js'
import { type ConditionedModel, condition } from '../../../src/language/condition.js'
import { dimension, model } from '../../../src/language/model.js'
import { stream } from '../../../src/random/stream.js'
import { logDensityAt, positionsOf } from './support.js'

interface Data {
  readonly y: Float64Array
  readonly x: { readonly values: Float64Array; readonly shape: readonly number[] }
  readonly spread: number
  readonly column: ReturnType<typeof dimension>
}
const regression = model({
  name: 'regression',
  parameters: (data: Data) => ({ beta: normal(0, data.spread, { shape: [data.column] }), sigma: halfNormal(1) }),
  logLikelihood: ({ beta, sigma }, { y, x }) => normalLogProbability(y, tf.dot(x, beta) as tf.Tensor, sigma),
  derived: ({ beta }, { x }) => ({ total: tf.sum(tf.dot(x, beta)) }),
  generate: (source, { sigma }, { y }) => ({ shifted: { value: y[0] + sigma[0] * source.uniform() } }),
})
function simulate(key: number, rowCount = 12): Data {
  const source = stream(key, 'program cache')
  const uniform = (length: number) => Float64Array.from({ length }, () => 2 * source.uniform() - 1)
  return {
    y: uniform(rowCount),
    x: { values: uniform(3 * rowCount), shape: [rowCount, 3] },
    spread: 2,
    column: dimension('column', ['a', 'b', 'c']),
  }
}
const positions = positionsOf(4, 5, 'program cache')
const joined = Float64Array.from(positions.flatMap((position) => [...position]))

/** Everything a conditioned model says of the same positions. */
function answers(conditioned: ConditionedModel): number[] {
  return [
    ...positions.flatMap((position) => {
      const gradient = new Float64Array(4)
      return [conditioned.logDensity.valueAndGradient(position, gradient), ...gradient]
    }),
    ...conditioned.draws(joined, 1, () => stream(1, 'draws')).variables.flatMap(({ values }) => [...values]),
    ...conditioned.pointwiseLogLikelihood(joined).values,
  ]
}

/** Sums of a dozen terms of size up to 100, in another order. */
const ROUNDING = 1e-12
function expectSame(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  found.forEach((value, index) => {
    expect(Math.abs(value - expected[index])).toBeLessThan(ROUNDING * Math.max(1, Math.abs(expected[index])))
  })
}
const counts = ({ compiledCount, reusedCount }: ProgramCache) => [compiledCount, reusedCount]

describe('a model conditioned with a program cache', () => {
  it('says of its data what it says without one', () => {
    expectSame(
      answers(condition(regression, simulate(1), { cache: programCache() })),
      answers(condition(regression, simulate(1))),
    )
  })
  it('is compiled once for all data of the same shapes', () => {
    const cache = programCache()
    const first = condition(regression, simulate(1), { cache })
    const before = answers(first)
    expect(counts(cache)).toEqual([3, 0]) // log density, quantities, and the pointwise log likelihood when first asked
    for (const key of [2, 3])
      expectSame(answers(condition(regression, simulate(key), { cache })), answers(condition(regression, simulate(key))))
    expect(counts(cache)).toEqual([3, 6])
    expect(answers(first)).toEqual(before)
  })
  it('gives the same bits whichever data it was compiled with', () => {
    const [one, other] = [programCache(), programCache()]
    condition(regression, simulate(1), { cache: one })
    condition(regression, simulate(2), { cache: other })
    expect(answers(condition(regression, simulate(3), { cache: one }))).toEqual(
      answers(condition(regression, simulate(3), { cache: other })),
    )
  })
  it('is compiled anew for other shapes, and finds both again', () => {
    const cache = programCache()
    for (const rowCount of [12, 7, 12, 7]) condition(regression, simulate(rowCount, rowCount), { cache })
    expect(counts(cache)).toEqual([4, 4])
  })
  it('is compared with tfjs once for data of all sizes, and once more for another computation', () => {
    const cache = programCache()
    for (const rowCount of [12, 7, 9]) condition(regression, simulate(rowCount, rowCount), { cache })
    expect([cache.compiledCount, cache.checked.count]).toEqual([6, 2])
    expectSame(answers(condition(regression, simulate(7, 7), { cache })), answers(condition(regression, simulate(7, 7))))
    const squared = model({
      ...regression,
      logLikelihood: ({ beta, sigma }: { beta: tf.Tensor; sigma: tf.Tensor }, { y, x }: { y: tf.Tensor; x: tf.Tensor }) =>
        normalLogProbability(y, tf.square(tf.dot(x, beta) as tf.Tensor), sigma),
    } as never)
    condition(squared, simulate(8, 8), { cache })
    expect(cache.checked.count).toBeGreaterThan(2)
  })
  it('without a cache too, where computations are known, and the bits are the same', () => {
    const known = checkedComputations()
    for (const rowCount of [12, 7]) {
      const conditioned = condition(regression, simulate(rowCount, rowCount), { known })
      expect(answers(conditioned)).toEqual(answers(condition(regression, simulate(rowCount, rowCount))))
    }
    expect(known.count).toBe(3) // log density, quantities, pointwise
  })
  it('is compiled anew when a number in the data, which is not an input, says so; and is right', () => {
    const cache = programCache()
    condition(regression, simulate(1), { cache })
    const wider = { ...simulate(2), spread: 5 }
    expectSame(answers(condition(regression, wider, { cache })), answers(condition(regression, wider)))
    expect(cache.reusedCount).toBe(1) // the quantities do not depend on it
  })
  it('is compiled anew when JavaScript computes from the data what the program depends on; and is right', () => {
    const centred = model({
      ...regression,
      parameters: ({ y, column }: Data) => ({
        beta: normal(y.reduce((sum, value) => sum + value, 0) / y.length, 1, { shape: [column] }),
        sigma: halfNormal(Math.max(...y)),
      }),
    })
    const cache = programCache()
    condition(centred, simulate(1), { cache })
    expectSame(answers(condition(centred, simulate(2), { cache })), answers(condition(centred, simulate(2))))
    // Negative control: the program of the first data is another function.
    const first = condition(centred, simulate(1)).logDensity
    expect(first.valueAndGradient(positions[0], new Float64Array(4))).not.toBeCloseTo(
      logDensityAt(condition(centred, simulate(2)), positions[0]),
      2,
    )
  })
  it('does not take one array for another of the same shape', () => {
    const difference = (minuend: 'left' | 'right') =>
      model({
        name: 'difference',
        parameters: () => ({ mu: normal(0, 1) }),
        logLikelihood: ({ mu }, data: Record<'left' | 'right', tf.Tensor>) =>
          normalLogProbability(minuend === 'left' ? data.left : data.right, mu, tf.scalar(1)),
      })
    const cache = programCache()
    const given = { left: Float64Array.of(1, 2), right: Float64Array.of(5, 6) }
    const [left, right] = (['left', 'right'] as const).map((name) => condition(difference(name), given as never, { cache }))
    expect(logDensityAt(left, Float64Array.of(1.5))).not.toBe(logDensityAt(right, Float64Array.of(1.5)))
    const renamed = model({
      name: 'renamed',
      parameters: () => ({ mu: normal(0, 1) }),
      logLikelihood: ({ mu }, { a }: { a: tf.Tensor }) => normalLogProbability(a, mu, tf.scalar(1)),
    })
    const other = condition(renamed, { a: Float64Array.of(5, 6) } as never, { cache })
    expect(logDensityAt(other, Float64Array.of(1.5))).toBe(logDensityAt(right, Float64Array.of(1.5)))
  })
  it('takes case weights, and changes them', () => {
    const cache = programCache()
    const caseWeights = Float64Array.from({ length: 12 }, (_, index) => index % 3)
    condition(regression, simulate(1), { cache, caseWeights: new Float64Array(12).fill(1) })
    const weighted = condition(regression, simulate(2), { cache, caseWeights })
    expect(counts(cache)).toEqual([2, 2])
    const alone = condition(regression, simulate(2), { caseWeights })
    expectSame(answers(weighted), answers(alone))
    const ones = new Float64Array(12).fill(1)
    expectSame(answers(weighted.withCaseWeights(ones)), answers(alone.withCaseWeights(ones)))
  })
  it('factorises a matrix of data once, when it is set', () => {
    const correlated = model({
      name: 'correlated',
      parameters: () => ({ mu: normal(0, 1, { shape: [2] }) }),
      logLikelihood: ({ mu }, { y, covariance }: { y: tf.Tensor; covariance: tf.Tensor }) =>
        tf.reshape(
          multivariateNormal(
            (declared) => declared.mu,
            () => covariance,
            { shape: [2] },
          ).distribution.logProbability(y, [mu, covariance]),
          [1],
        ),
    })
    const data = (variance: number) =>
      ({ y: Float64Array.of(1, 2), covariance: { values: Float64Array.of(variance, 0.5, 0.5, 1), shape: [2, 2] } }) as never
    const cache = programCache()
    condition(correlated, data(2), { cache })
    const found = condition(correlated, data(3), { cache })
    expect(cache.reusedCount).toBe(2)
    const position = Float64Array.of(0.3, -0.2)
    expect(logDensityAt(found, position)).toBeCloseTo(logDensityAt(condition(correlated, data(3)), position), 12)
  })
  it('may not read the values of its data, and says so', () => {
    const reading = model({
      name: 'reading',
      parameters: () => ({ mu: normal(0, 1) }),
      logLikelihood: ({ mu }, { y }: { y: tf.Tensor }) => tf.mul(mu, (y.arraySync() as number[])[0] > 0 ? y : tf.neg(y)),
    })
    const data = { y: Float64Array.of(1, 2) } as never
    expect(() => condition(reading, data)).not.toThrow()
    const attempt = () => condition(reading, data, { cache: programCache() })
    expect(attempt).toThrow(ModelError)
    expect(attempt).toThrow(/reads values of its data .* which are inputs of its program .*program cache/)
  })
})
