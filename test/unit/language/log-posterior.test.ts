import { readdirSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Prior } from '../../../src/contract/distribution.js'
import type { Transform } from '../../../src/contract/transform.js'
import { flat } from '../../../src/distributions/flat.js'
import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import { choleskyInPlace } from '../../../src/numeric/cholesky.js'
import { largestDisagreement, logDensityAt, positionsOf, quantitiesAt } from './support.js'

/** A few dozen terms of size up to 100, each rounded. */
const TOLERANCE = 1e-11

const effect = [28, 8, -3, 7, -1, 1, 18, 12]
const error = [15, 10, 16, 11, 9, 11, 10, 18]
const logNormal = (x: number, mean: number, sd: number) => -(((x - mean) / sd) ** 2) / 2 - Math.log(sd)
const logHalfCauchy = (x: number, scale: number) => -Math.log1p((x / scale) ** 2)
const sumOver = (count: number, term: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => term(index)).reduce((a, b) => a + b)

const eightSchools = (nonCentered: boolean) =>
  model({
    name: 'eight schools',
    parameters: (data: { effect: number[]; error: number[] }) => ({
      mu: normal(0, 5),
      tau: halfCauchy(0, 5),
      theta: normal('mu', 'tau', { shape: [data.effect.length], nonCentered }),
    }),
    logLikelihood: ({ theta }, data) => normalLogProbability(data.effect, theta, data.error),
  })

describe('the log posterior of eight schools', () => {
  it('centred: likelihood, priors and the Jacobian tau of log tau', () => {
    const conditioned = condition(eightSchools(false), { effect, error })
    const positions = positionsOf(10, 20)
    const byHand = positions.map(([mu, logTau, ...theta]) => {
      const tau = Math.exp(logTau)
      const likelihood = sumOver(
        8,
        (school) => logNormal(effect[school], theta[school], error[school]) + logNormal(theta[school], mu, tau),
      )
      return likelihood + logNormal(mu, 0, 5) + logHalfCauchy(tau, 5) + logTau
    })
    expect(
      largestDisagreement(
        positions.map((position) => logDensityAt(conditioned, position)),
        byHand,
      ),
    ).toBeLessThan(TOLERANCE)
  })
  it('non-centred: theta is mu + tau z with standard normal z', () => {
    const conditioned = condition(eightSchools(true), { effect, error })
    const positions = positionsOf(10, 20)
    const byHand = positions.map(([mu, logTau, ...z]) => {
      const tau = Math.exp(logTau)
      const likelihood = sumOver(
        8,
        (school) => logNormal(effect[school], mu + tau * z[school], error[school]) + logNormal(z[school], 0, 1),
      )
      return likelihood + logNormal(mu, 0, 5) + logHalfCauchy(tau, 5) + logTau
    })
    expect(
      largestDisagreement(
        positions.map((position) => logDensityAt(conditioned, position)),
        byHand,
      ),
    ).toBeLessThan(TOLERANCE)
    const [position] = positions
    expect(quantitiesAt(conditioned, position).theta[2]).toBeCloseTo(position[0] + Math.exp(position[1]) * position[4], 14)
  })
  it('negative control: without the Jacobian the two disagree by differences of log tau', () => {
    const conditioned = condition(eightSchools(false), { effect, error })
    const positions = positionsOf(10, 20)
    const withoutJacobian = positions.map((position) => logDensityAt(conditioned, position) - position[1])
    expect(
      largestDisagreement(
        positions.map((position) => logDensityAt(conditioned, position)),
        withoutJacobian,
      ),
    ).toBeGreaterThan(0.1)
  })
})

type MakeTransform = (shape: readonly number[], ...bounds: number[]) => Transform

/** By file name: bounds, the shape of the parameter, and the elements that are free to vary, of which the others are functions. */
const transforms: Readonly<Record<string, { readonly bounds?: number[]; readonly shape: number[]; readonly free: number[] }>> = {
  'cholesky-correlation': { shape: [3, 3], free: [3, 6, 7] },
  identity: { shape: [2], free: [0, 1] },
  interval: { shape: [2], bounds: [-1, 3], free: [0, 1] },
  'lower-bound': { shape: [2], bounds: [-1], free: [0, 1] },
  ordered: { shape: [3], free: [0, 1, 2] },
  positive: { shape: [2], free: [0, 1] },
  simplex: { shape: [4], free: [0, 1, 2] },
  'upper-bound': { shape: [2], bounds: [5], free: [0, 1] },
}

/** A prior with that support whose density is exp(-|x|^2). */
function priorWith(support: Transform, shape: readonly number[]): Prior {
  const squares = flat({ shape })
  const distribution = {
    ...squares.distribution,
    support: () => support,
    logProbability: (value: tf.Tensor) => tf.neg(tf.sum(tf.square(value))),
  }
  return { ...squares, distribution }
}

/** log |det| by Cholesky of M'M. */
function logDeterminant(matrix: readonly (readonly number[])[]): number {
  const size = matrix.length
  const gram = Float64Array.from({ length: size * size }, (_, at) =>
    matrix.reduce((sum, row) => sum + row[Math.floor(at / size)] * row[at % size], 0),
  )
  choleskyInPlace(gram, size)
  return sumOver(size, (row) => Math.log(gram[row * size + row]))
}

/** Step of the differences: truncation and rounding of the extrapolated derivative are both near 1e-11. */
const STEP = 1e-3
/** Nine derivatives of size near 1, each with that error. */
const JACOBIAN_TOLERANCE = 1e-8

describe('the log posterior with each transform', () => {
  it('covers every file of the folder', () => {
    const folder = new URL('../../../src/transforms/', import.meta.url)
    const files = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []))
    expect(Object.keys(transforms).sort()).toEqual(files.sort())
  })
  for (const [name, { bounds = [], shape, free }] of Object.entries(transforms))
    it(`${name}: prior density at the parameter plus the log determinant of its derivative`, async () => {
      const module = await import(`../../../src/transforms/${name}.ts`)
      const make = Object.values(module).find((exported) => typeof exported === 'function') as MakeTransform
      const support = make(shape, ...bounds)
      const conditioned = condition(
        model({
          name,
          parameters: () => ({ x: priorWith(support, shape) }),
          logLikelihood: ({ x }) => tf.sum(tf.sin(x)),
        }),
        {},
      )
      const positions = positionsOf(conditioned.logDensity.dimension, 5, name)
      const byHand = positions.map((position) => {
        const { x } = quantitiesAt(conditioned, position)
        const derivative = Array.from(position, (_, column) => {
          const at = (step: number) =>
            quantitiesAt(
              conditioned,
              position.map((value, index) => (index === column ? value + step : value)),
            ).x
          const [above, below, farAbove, farBelow] = [at(STEP), at(-STEP), at(2 * STEP), at(-2 * STEP)]
          return free.map(
            (element) => (8 * (above[element] - below[element]) - (farAbove[element] - farBelow[element])) / (12 * STEP),
          )
        })
        const likelihood = x.reduce((sum, value) => sum + Math.sin(value), 0)
        return likelihood - x.reduce((sum, value) => sum + value ** 2, 0) + logDeterminant(derivative)
      })
      const compiled = positions.map((position) => logDensityAt(conditioned, position))
      expect(largestDisagreement(compiled, byHand)).toBeLessThan(JACOBIAN_TOLERANCE)
    })
})

describe('priors that depend on other parameters', () => {
  it('take them by name or as functions, with numbers per element', () => {
    const conditioned = condition(
      model({
        name: 'dependent',
        parameters: () => ({
          a: normal(0.1, 2),
          b: normal([1, 2, 3], 0.5, { shape: [3] }),
          c: normal(
            ({ a, b }) => tf.add(tf.mul(a, 0.3), b),
            (earlier) => tf.exp(earlier.a),
            { shape: [3] },
          ),
        }),
        logLikelihood: ({ c }) => tf.sum(tf.mul(c, 0.7)),
      }),
      {},
    )
    const positions = positionsOf(7, 10)
    const byHand = positions.map(([a, ...rest]) => {
      const [b, c] = [rest.slice(0, 3), rest.slice(3)]
      const terms = sumOver(3, (i) => logNormal(b[i], i + 1, 0.5) + logNormal(c[i], 0.3 * a + b[i], Math.exp(a)) + 0.7 * c[i])
      return terms + logNormal(a, 0.1, 2)
    })
    expect(
      largestDisagreement(
        positions.map((position) => logDensityAt(conditioned, position)),
        byHand,
      ),
    ).toBeLessThan(TOLERANCE)
  })
})
