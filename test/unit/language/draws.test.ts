import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Stream } from '../../../src/contract/stream.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { scalarNames } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { condition } from '../../../src/language/condition.js'
import { dimension, model } from '../../../src/language/model.js'
import { stream } from '../../../src/random/stream.js'
import { positionsOf } from './support.js'

/** The engine's own exponential and that of JavaScript each round once. */
const TWO_ULPS = 2 * Number.EPSILON

const covariate = dimension('covariate', ['age', 'sex'])
const data = {
  y: [0.1, 0.2, 0.3],
  x: [
    [1, 0],
    [0, 1],
    [1, 1],
  ] as number[][],
  covariate,
}
const regression = model({
  name: 'regression',
  parameters: (given: typeof data) => ({
    gamma: normal(0, 1, { shape: [given.covariate] }),
    sigma: halfNormal(1),
    b: normal(0, 1, { shape: [2, 2] }),
  }),
  logLikelihood: ({ gamma, sigma, b }, { y, x }) =>
    normalLogProbability(y, tf.reshape(tf.matMul(x, tf.reshape(gamma, [2, 1])), [3]), tf.add(sigma, tf.square(tf.sum(b)))),
  derived: ({ gamma, sigma }, given) => ({
    variance: tf.square(sigma),
    doubled: { value: tf.mul(gamma, 2), dimensions: [given.covariate] },
    plain: tf.stack([gamma, gamma]),
    fixed: tf.tensor1d([0.1]),
  }),
  generate: (source, { gamma, sigma }, given) => ({
    noise: { value: source.uniform() },
    shifted: { value: gamma.map((value) => value + sigma[0] * source.uniform()), dimensions: [given.covariate] },
    bare: { value: Float64Array.of(source.uniform(), 1) },
  }),
})
const conditioned = condition(regression, data)
const dimensionCount = conditioned.logDensity.dimension
const positions = positionsOf(dimensionCount, 6)
const join = (rows: readonly Float64Array[]) => Float64Array.from(rows.flatMap((row) => [...row]))
const streamFor = (chain: number): Stream => stream(1, 'generate', chain)

describe('draws of a conditioned model', () => {
  const draws = conditioned.draws(join(positions), 2, streamFor)
  it('have the names of parameters, derived and generated quantities, with labels or numbers', () => {
    expect(draws.variables.flatMap(scalarNames)).toEqual([
      'gamma[age]',
      'gamma[sex]',
      'sigma',
      ...['1,1', '1,2', '2,1', '2,2'].map((index) => `b[${index}]`),
      'variance',
      'doubled[age]',
      'doubled[sex]',
      ...['1,1', '1,2', '2,1', '2,2'].map((index) => `plain[${index}]`),
      'fixed[1]',
      'noise',
      'shifted[age]',
      'shifted[sex]',
      'bare[1]',
      'bare[2]',
    ])
  })
  it('lie by chain and draw, on the scale of the parameters', () => {
    expect([draws.chainCount, draws.drawCount]).toEqual([2, 3])
    const gamma = variable(draws, 'gamma').values
    positions.forEach((position, row) => {
      expect(Array.from(gamma.subarray(2 * row, 2 * row + 2))).toEqual([position[0], position[1]])
      const sigma = Math.exp(position[2])
      expect(Math.abs(variable(draws, 'sigma').values[row] / sigma - 1)).toBeLessThan(TWO_ULPS)
      expect(Math.abs(variable(draws, 'variance').values[row] / sigma ** 2 - 1)).toBeLessThan(3 * TWO_ULPS)
      expect(Array.from(variable(draws, 'plain').values.subarray(4 * row, 4 * row + 4))).toEqual([
        position[0],
        position[1],
        position[0],
        position[1],
      ])
    })
    expect(Array.from(variable(draws, 'fixed').values)).toEqual(new Array(6).fill(0.1))
  })
  it('do not share memory with each other or with the program', () => {
    const before = variable(draws, 'gamma').values.slice()
    conditioned.draws(join([...positions].reverse()), 2, streamFor)
    expect(variable(draws, 'gamma').values).toEqual(before)
  })
})

describe('generated quantities', () => {
  it('depend on the stream of their own chain and nothing else', () => {
    const both = conditioned.draws(join(positions), 2, streamFor)
    const second = conditioned.draws(join(positions.slice(3)), 1, () => streamFor(1))
    for (const name of ['noise', 'shifted', 'bare']) {
      const { values } = variable(both, name)
      expect(values.slice(values.length / 2)).toEqual(variable(second, name).values)
    }
  })
  it('differ between chains at equal positions', () => {
    const twice = conditioned.draws(join([positions[0], positions[0]]), 2, streamFor)
    const [first, second] = variable(twice, 'noise').values
    expect(first).not.toBe(second)
  })
})

describe('pointwise log likelihood', () => {
  it('is that of each observation at each position', () => {
    const { values, observationCount } = conditioned.pointwiseLogLikelihood(join(positions))
    expect(observationCount).toBe(3)
    positions.forEach((position, row) => {
      data.y.forEach((y, patient) => {
        const mean = data.x[patient][0] * position[0] + data.x[patient][1] * position[1]
        const sd = Math.exp(position[2]) + (position[3] + position[4] + position[5] + position[6]) ** 2
        const truth = -(((y - mean) / sd) ** 2) / 2 - Math.log(sd) - Math.log(2 * Math.PI) / 2
        expect(Math.abs(values[row * 3 + patient] - truth)).toBeLessThan(1e-13 * Math.max(1, Math.abs(truth)))
      })
    })
  })
})

describe('proposals and messages', () => {
  it('starts are uniform on (-2, 2) and come from the stream given', () => {
    const starts = Array.from({ length: 200 }, (_, chain) => conditioned.propose(streamFor(chain)))
    const all = starts.flatMap((start) => [...start])
    expect(starts[0]).toHaveLength(dimensionCount)
    expect(Math.max(...all)).toBeLessThan(2)
    expect(Math.min(...all)).toBeGreaterThan(-2)
    // 1400 uniform numbers: the mean has standard error 1.155 / sqrt(1400) = 0.031, the largest is above 1.98 but with probability 0.995^1400 < 0.001.
    expect(Math.abs(all.reduce((a, b) => a + b) / all.length)).toBeLessThan(5 * 0.031)
    expect(Math.max(...all)).toBeGreaterThan(1.98)
    expect(conditioned.propose(streamFor(0))).toEqual(starts[0])
  })
  it('a position is described by parameters on their own scale', () => {
    expect(conditioned.describe(Float64Array.of(0.5, -1, 0, 1, 2, 3, 4))).toBe(
      'gamma = 0.500, -1.00; sigma = 1.00; b = 1.00, 2.00, 3.00',
    )
  })
})
