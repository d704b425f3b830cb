import { describe, expect, it } from 'vitest'
import type { StochasticLogDensity } from '../../../../src/contract/stochastic-log-density.js'
import type { Stream } from '../../../../src/contract/stream.js'
import type { Approximation } from '../../../../src/inference/approximation/approximation.js'
import { finished } from '../../../../src/inference/approximation/steps.js'
import { fullRank } from '../../../../src/inference/full-rank.js'
import { meanField } from '../../../../src/inference/mean-field.js'
import { invertPositiveDefinite, solvePositiveDefinite } from '../../../../src/numeric/positive-definite.js'
import { drawInteger } from '../../../../src/random/integer.js'
import { standardNormal } from '../../../../src/random/standard-normal.js'
import { stream } from '../../../../src/random/stream.js'
import { jobFor } from './support.js'

/** y = 1 + 2 x + e, e ~ N(0, 1), x ~ N(1, 1), flat priors: intercept and slope are normal with precision X'X. */
const count = 2000
const batchSize = 100
const source = stream(4, 'data')
const x = Float64Array.from({ length: count }, () => 1 + standardNormal(source))
const y = x.map((value) => 1 + 2 * value + standardNormal(source))
const total = (value: (i: number) => number) => x.reduce((sum, _, i) => sum + value(i), 0)
const precision = new Float64Array([count, total((i) => x[i]), total((i) => x[i]), total((i) => x[i] ** 2)])
const exactMean = solvePositiveDefinite(precision, new Float64Array([total((i) => y[i]), total((i) => x[i] * y[i])]))
const exactCovariance = invertPositiveDefinite(precision, 2)

function minibatches(scale = count / batchSize): StochasticLogDensity {
  const rows = new Int32Array(batchSize)
  return {
    dimension: 2,
    nextBatch(from: Stream) {
      for (let i = 0; i < batchSize; i++) rows[i] = drawInteger(from, count)
    },
    valueAndGradient([intercept, slope], gradient) {
      gradient.fill(0)
      let value = 0
      for (const row of rows) {
        const residual = y[row] - intercept - slope * x[row]
        value -= 0.5 * scale * residual * residual
        gradient[0] += scale * residual
        gradient[1] += scale * residual * x[row]
      }
      return value
    },
  }
}

function moments(approximation: Approximation) {
  const position = new Float64Array(2)
  const from = stream(9)
  const draws = Array.from({ length: 20000 }, () => {
    approximation.draw(from, position)
    return [...position]
  })
  const mean = [0, 1].map((i) => draws.reduce((sum, draw) => sum + draw[i], 0) / draws.length)
  const covariance = (i: number, j: number) =>
    draws.reduce((sum, draw) => sum + (draw[i] - mean[i]) * (draw[j] - mean[j]), 0) / draws.length
  return {
    mean,
    sd: [0, 1].map((i) => Math.sqrt(covariance(i, i))),
    correlation: covariance(0, 1) / Math.sqrt(covariance(0, 0) * covariance(1, 1)),
  }
}

/** The stopping rule leaves a standard error of 0.05 / sqrt(2); the draws here add 0.007. Five of both. */
const FIVE_STANDARD_ERRORS = 0.18

describe('variational inference on minibatches', () => {
  const exactSd = [0, 1].map((i) => Math.sqrt(exactCovariance[3 * i]))
  it('full-rank finds the posterior of all data', () => {
    const { mean, sd, correlation } = moments(finished(fullRank(jobFor(minibatches()))).approximation)
    for (const i of [0, 1]) {
      expect(Math.abs(mean[i] - exactMean[i]) / exactSd[i]).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(Math.abs(sd[i] / exactSd[i] - 1)).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
    expect(Math.abs(correlation - exactCovariance[1] / (exactSd[0] * exactSd[1]))).toBeLessThan(FIVE_STANDARD_ERRORS)
  })
  it('mean-field finds its means, and standard deviations given the other coefficient', () => {
    const { mean, sd } = moments(finished(meanField(jobFor(minibatches()))).approximation)
    for (const i of [0, 1]) {
      expect(Math.abs(mean[i] - exactMean[i]) / exactSd[i]).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(Math.abs(sd[i] * Math.sqrt(precision[3 * i]) - 1)).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
  })
  it('is told from batches whose likelihood is not scaled up to all data', () => {
    const { sd } = moments(finished(fullRank(jobFor(minibatches(1)))).approximation)
    expect(Math.abs(sd[0] / exactSd[0] - 1)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
  it('gives the same bits for the same seed', () => {
    const at = new Float64Array([1, 2])
    const [first, second] = [1, 1].map((seed) => finished(meanField(jobFor(minibatches(), seed))).approximation.logDensity(at))
    expect(second).toBe(first)
  })
})
