import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { type ConditionedModel, condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import { largestDisagreement, logDensityAt, positionsOf } from './support.js'

interface Data {
  readonly y: Float64Array
  readonly x: Float64Array
}
const line = model({
  name: 'line',
  parameters: (_data: Data) => ({ slope: normal(0, 1), sigma: halfNormal(1) }),
  logLikelihood: ({ slope, sigma }, { y, x }) => normalLogProbability(y, tf.mul(slope, x), sigma),
})
const data: Data = { y: Float64Array.of(0.3, -1.1, 2.2, 0.7), x: Float64Array.of(0.5, -1, 2, 1) }
const weights = Float64Array.of(2, 0, 1, 0.5)
const positions = positionsOf(2, 6, 'case weights')
const at = (conditioned: ConditionedModel) => positions.map((position) => logDensityAt(conditioned, position))
const gradientsOf = ({ logDensity }: ConditionedModel) =>
  positions.flatMap((position) => {
    const gradient = new Float64Array(2)
    logDensity.valueAndGradient(position, gradient)
    return [...gradient]
  })
/** Sums of a dozen terms of size up to 100, in another order. */
const ROUNDING = 1e-12

describe('case weights', () => {
  it('multiply the log likelihoods of the observations and leave the prior alone', () => {
    const plain = condition(line, data)
    const { values, observationCount } = plain.pointwiseLogLikelihood(Float64Array.from(positions.flatMap((one) => [...one])))
    const added = positions.map((_, row) =>
      weights.reduce((sum, weight, index) => sum + (weight - 1) * values[row * observationCount + index], 0),
    )
    const expected = at(plain).map((value, row) => value + added[row])
    const found = at(condition(line, data, { caseWeights: weights }))
    found.forEach((value, row) => {
      expect(Math.abs(value - expected[row])).toBeLessThan(ROUNDING * Math.max(1, Math.abs(value)))
    })
  })
  it('of 2 and 0 amount to an observation that is there twice, or not at all', () => {
    const repeated = condition(line, { y: Float64Array.of(0.3, 0.3, 2.2, 0.7), x: Float64Array.of(0.5, 0.5, 2, 1) })
    const weighted = condition(line, data, { caseWeights: Float64Array.of(2, 0, 1, 1) })
    expect(largestDisagreement(at(weighted), at(repeated))).toBeLessThan(1e-11)
    gradientsOf(weighted).forEach((value, index) => {
      expect(Math.abs(value - gradientsOf(repeated)[index])).toBeLessThan(ROUNDING * Math.max(1, Math.abs(value)))
    })
    // Negative control: without weights it is another posterior.
    expect(largestDisagreement(at(condition(line, data)), at(repeated))).toBeGreaterThan(0.1)
  })
  it('of 1 change nothing', () => {
    const ones = condition(line, data, { caseWeights: new Float64Array(4).fill(1) })
    expect(largestDisagreement(at(ones), at(condition(line, data)))).toBeLessThan(1e-11)
  })
  it('change without compiling, and the models with the old and the new ones stand side by side', () => {
    const first = condition(line, data, { caseWeights: new Float64Array(4).fill(1) })
    const before = at(first)
    const second = first.withCaseWeights(weights)
    expect(at(second)).toEqual(at(condition(line, data, { caseWeights: weights })))
    expect(at(first)).toEqual(before)
    expect(second.portable?.program).toBe(first.portable?.program)
    expect(at(second.withCaseWeights(new Float64Array(4).fill(1)))).toEqual(before)
  })
  it('are left out of the pointwise log likelihood', () => {
    const all = Float64Array.from(positions.flatMap((one) => [...one]))
    const weighted = condition(line, data, { caseWeights: weights })
    expect(weighted.pointwiseLogLikelihood(all)).toEqual(condition(line, data).pointwiseLogLikelihood(all))
  })
  it('count for models with a cheaper sum of the log likelihoods too', () => {
    const cheaper = model({
      ...line,
      logLikelihoodSum: ({ slope, sigma }, { y, x }) => tf.sum(normalLogProbability(y, tf.mul(slope, x), sigma)),
    })
    const weighted = condition(cheaper, data, { caseWeights: weights })
    expect(at(weighted)).toEqual(at(condition(line, data, { caseWeights: weights })))
  })
  it('must be as many as the observations, finite and not negative', () => {
    const fitting = condition(line, data, { caseWeights: weights })
    expect(() => condition(line, data, { caseWeights: weights.subarray(1) })).toThrow(
      /model "line" has 4 observations but 3 case weights/,
    )
    expect(() => fitting.withCaseWeights(weights.subarray(1))).toThrow(/"case weights" is given 3 values/)
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const given = Float64Array.of(1, 1, wrong, 1)
      expect(() => condition(line, data, { caseWeights: given })).toThrow(`case weight 2 is ${wrong}`)
      expect(() => fitting.withCaseWeights(given)).toThrow(UsageError)
    }
    expect(() => condition(line, data).withCaseWeights(weights)).toThrow(/conditioned without case weights/)
  })
})
