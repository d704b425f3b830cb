import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { variable } from '../../../src/draws/variable.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { approximate } from '../../../src/fitting/approximate.js'
import { minibatches } from '../../../src/fitting/minibatches.js'
import { finished } from '../../../src/inference/approximation/steps.js'
import { fullRank } from '../../../src/inference/full-rank.js'
import { meanField } from '../../../src/inference/mean-field.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import { invertPositiveDefinite, solvePositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { stream } from '../../../src/random/stream.js'

const width = 3
/** y = x b + N(0, 2^2), x = (1, correlated normals), b ~ N(0, 10^2): the posterior is normal with precision X'X / 4 + I / 100. */
function simulated(count: number) {
  const source = stream(11, 'regression')
  const x = Array.from({ length: count }, () => {
    const first = standardNormal(source)
    return [1, first, 0.6 * first + 0.8 * standardNormal(source)]
  })
  const y = Float64Array.from(x, (row) => row[0] - 2 * row[1] + 0.5 * row[2] + 2 * standardNormal(source))
  return { x, y, label: 'numbers that belong to nobody', offsets: [0, 0] }
}
type Data = ReturnType<typeof simulated>
/** @param weight of each observation; 1 in the right model */
const regression = (weight = 1) =>
  model({
    name: 'regression',
    parameters: (_: Data) => ({ b: normal(0, 10, { shape: [width] }) }),
    logLikelihood: ({ b }, { x, y }) =>
      tf.mul(weight, normalLogProbability(y, tf.reshape(tf.matMul(x, tf.reshape(b, [width, 1])), [-1]), 2)),
  })

const data = simulated(20_000)
const size = 1000
const precision = new Float64Array(width * width)
const right = new Float64Array(width)
data.x.forEach((row, patient) => {
  for (let i = 0; i < width; i++) {
    right[i] += (row[i] * data.y[patient]) / 4
    for (let j = 0; j < width; j++) precision[i * width + j] += (row[i] * row[j]) / 4
  }
})
for (let i = 0; i < width; i++) precision[i * (width + 1)] += 0.01
const exactMean = solvePositiveDefinite(precision.slice(), right.slice())
const exactCovariance = invertPositiveDefinite(precision.slice(), width)
const exactSd = exactMean.map((_, i) => Math.sqrt(exactCovariance[i * (width + 1)]))

const conditioned = condition(regression(), data)
const jobOn = (weight?: number) => ({
  logDensity: minibatches(regression(weight), data, condition(regression(weight), data), size, stream(1, 'minibatch')),
  propose: conditioned.propose,
  streamFor: (purpose: string, index: number) => stream(1, purpose, index),
})

/** Moments of an approximation by 20,000 draws, whose standard error is 0.007 standard deviations. */
function moments({ approximation }: ReturnType<typeof search>) {
  const source = stream(9)
  const position = new Float64Array(width)
  const sums = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let draw = 0; draw < 20_000; draw++) {
    approximation.draw(source, position)
    position.forEach((value, i) => {
      const z = (value - exactMean[i]) / exactSd[i]
      sums[i] += z / 20_000
      squares[i] += (z * z) / 20_000
    })
  }
  return { bias: sums, sd: squares.map((square, i) => Math.sqrt(square - sums[i] ** 2)) }
}
const search = (algorithm: typeof fullRank, weight?: number) => finished(algorithm(jobOn(weight)))

/** The stopping rule leaves a standard error of at most 0.05 / sqrt(2) standard deviations; the draws above add 0.007. Five of both. */
const FIVE_STANDARD_ERRORS = 0.18

describe('an approximation that is fitted to minibatches of 1000 of 20,000 observations', () => {
  it('by full-rank has the means and standard deviations of the posterior of all data', () => {
    const { bias, sd } = moments(search(fullRank))
    for (let i = 0; i < width; i++) {
      expect(Math.abs(bias[i])).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(Math.abs(sd[i] - 1)).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
  })
  it('by mean-field has its means, and its standard deviations given the other coefficients', () => {
    const { bias, sd } = moments(search(meanField))
    for (let i = 0; i < width; i++) {
      expect(Math.abs(bias[i])).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(Math.abs(sd[i] * exactSd[i] * Math.sqrt(precision[i * (width + 1)]) - 1)).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
  })
  it('is told from one to batches that are not scaled up to all data, by its standard deviations', () => {
    const { sd } = moments(search(fullRank, size / data.y.length))
    for (let i = 0; i < width; i++) expect(Math.abs(sd[i] - 1)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
})

describe('approximate on minibatches', () => {
  it('gives draws of the posterior of all data, judged by all data, and the same for the same seed', async () => {
    const settings = { algorithm: 'full-rank', seed: 1, minibatch: size, draws: 400, proposals: 1000 } as const
    const fit = await approximate(regression(), data, settings)
    expect(fit.diagnosis.status).toBe('passed')
    expect(fit.approximation).toMatchObject({ proposalCount: 1000 })
    expect(fit.approximation!.paretoK).toBeLessThan(0.7)
    const b = variable(fit.draws, 'b').values
    /** Importance weights leave the error of 400 independent draws. */
    const fiveStandardErrors = 5 / Math.sqrt(Math.min(400, fit.approximation!.effectiveSampleSize))
    for (let i = 0; i < width; i++) {
      const mean = b.reduce((sum, value, index) => sum + (index % width === i ? value : 0), 0) / 400
      expect(Math.abs(mean - exactMean[i]) / exactSd[i]).toBeLessThan(fiveStandardErrors)
    }
    expect((await approximate(regression(), data, settings)).draws).toEqual(fit.draws)
  })
})

describe('minibatches', () => {
  const at = (count: number) => {
    const some = { ...data, x: data.x.slice(0, count), y: data.y.slice(0, count) }
    const full = condition(regression(), some)
    return { full, batches: minibatches(regression(), some, full, 200, stream(2)) }
  }
  it('estimate the log density and its gradient without bias', () => {
    const { full, batches } = at(2000)
    const point = Float64Array.of(0.9, -1.9, 0.4)
    const exact = new Float64Array(width)
    const value = full.logDensity.valueAndGradient(point, exact)
    const source = stream(3)
    const repeats = 1000
    const gradient = new Float64Array(width)
    const estimates = Array.from({ length: repeats }, () => {
      batches.nextBatch(source)
      const estimate = batches.valueAndGradient(point, gradient)
      return [estimate, ...gradient]
    })
    for (const [index, expected] of [value, ...exact].entries()) {
      const column = estimates.map((one) => one[index])
      const mean = column.reduce((sum, one) => sum + one, 0) / repeats
      const variance = column.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (repeats - 1)
      expect(Math.abs(mean - expected) / Math.sqrt(variance / repeats)).toBeLessThan(5)
    }
  })
  it('cost as much for 20,000 observations as for 1000', () => {
    const source = stream(4)
    const gradient = new Float64Array(width)
    const cost = ({ batches }: ReturnType<typeof at>) => {
      const times = Array.from({ length: 200 }, () => {
        const start = performance.now()
        for (let step = 0; step < 5; step++) {
          batches.nextBatch(source)
          batches.valueAndGradient(exactMean, gradient)
        }
        return performance.now() - start
      })
      return Math.min(...times)
    }
    /** A cost in proportion to observations would be 20 times as much. */
    expect(cost(at(20_000)) / cost(at(1000))).toBeLessThan(4)
  })
  it.each([
    ['a size of all observations', {}, 20_000, /minibatch is 20000, and there are 20000 observations/],
    ['a size of no number of observations', {}, 2.5, /integer from 1 to 19999/],
    [
      'an algorithm that needs the log density itself',
      { algorithm: 'laplace' as const },
      size,
      /minibatch does not go with laplace/,
    ],
  ])('refuse %s', async (_, changes, minibatch, message) => {
    const run = approximate(regression(), data, { algorithm: 'full-rank', seed: 1, minibatch, ...changes })
    await expect(run).rejects.toThrow(UsageError)
    await expect(run).rejects.toThrow(message)
  })
  it('refuse observations whose log likelihood depends on the others of their batch', async () => {
    const centred = model({
      name: 'centred',
      parameters: (_: Data) => ({ b: normal(0, 10) }),
      logLikelihood: ({ b }, { y }) => normalLogProbability(tf.sub(y, tf.mean(y)), b, 2),
    })
    const run = approximate(centred, data, { algorithm: 'full-rank', seed: 1, minibatch: size })
    await expect(run).rejects.toThrow(/log likelihood does depend on which observations are in the batch/)
  })
  it('refuse data without a row for each observation', async () => {
    const constant = model({
      name: 'constant',
      parameters: (_: object) => ({ b: normal(0, 10) }),
      logLikelihood: ({ b }) => normalLogProbability(tf.tensor1d([1, 2, 3]), b, 2),
    })
    await expect(approximate(constant, {}, { algorithm: 'full-rank', seed: 1, minibatch: 2 })).rejects.toThrow(
      /no array in the data/,
    )
  })
})
