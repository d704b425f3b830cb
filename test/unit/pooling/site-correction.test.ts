import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { essBulk } from '../../../diagnostics/convergence/ess-bulk.js'
import { poolingMethod as hierarchical } from '../../../models/pooling/hierarchical.js'
import { siteCorrection } from '../../../models/pooling/shared/site-correction.js'
import type { PoolingMethod } from '../../../src/contract/pooling-method.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal } from '../../../src/distributions/normal.js'
import type { Draws } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { fit } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import { drawGamma } from '../../../src/random/gamma.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { pooledDrawsOf } from '../../../src/stages/pooled-draws.js'
import { correctionCautions } from '../../../src/stages/second-stage-cautions.js'

/**
 * Trials with few exponential waiting times, whose log rates have skewed posteriors: with n times of sum s and a flat prior, exp(theta) s is Gamma(n). A trial has
 * a log rate `treatment` and a second group that differs by `treatment:age`.
 */
const SITE_DRAWS = 2000
const SCALE = 0.5
const KEY = { seed: 1, purpose: 'second-stage', study: '' }

const moments = (draws: Float64Array, size: number) => {
  const count = draws.length / size
  const mean = new Float64Array(size)
  draws.forEach((value, at) => {
    mean[at % size] += value / count
  })
  const covariance = new Float64Array(size * size)
  for (let draw = 0; draw < count; draw++)
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++)
        covariance[row * size + column] +=
          ((draws[draw * size + row] - mean[row]) * (draws[draw * size + column] - mean[column])) / (count - 1)
  return { estimate: mean, covariance }
}

function trialOf(study: string, draws: Float64Array, size: number): TrialEstimate {
  const coefficientNames = ['treatment', 'treatment:age'].slice(0, size)
  return { study, patientCount: 10, coefficientNames, ...moments(draws, size), draws, prior: { kind: 'flat' } }
}

async function pool(trials: readonly TrialEstimate[], raw: object) {
  const options = hierarchical.parseOptions({ heterogeneityScale: SCALE, ...raw })
  const { model: pooling, data } = hierarchical.condition(trials, options)
  const { draws } = await fit(pooling, data, { seed: 3, chains: 2, warmup: 300, draws: 1000, targetAcceptance: 0.95, workers: 0 })
  return pooledDrawsOf(hierarchical as PoolingMethod, options, trials, draws, KEY)
}

/** Mean and standard deviation of one element of mu, and the Monte Carlo error of its mean. */
function average(draws: Draws, element = 0) {
  const { values, dimensions } = variable(draws, 'mu')
  const size = dimensions[0].labels.length
  const chains = Array.from({ length: draws.chainCount }, (_, chain) =>
    Float64Array.from({ length: draws.drawCount }, (__, draw) => values[(chain * draws.drawCount + draw) * size + element]),
  )
  const all = chains.flatMap((chain) => [...chain])
  const mean = all.reduce((sum, value) => sum + value / all.length, 0)
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2 / all.length, 0))
  return { mean, error: deviation / Math.sqrt(essBulk(chains)) }
}

/** Of the average over trials, from the finite number of their draws: each mean is off by its posterior standard deviation / sqrt(draws). */
const siteError = (trials: readonly TrialEstimate[], element = 0) => {
  const size = trials[0].coefficientNames.length
  return Math.sqrt(trials.reduce((sum, trial) => sum + trial.covariance[element * (size + 1)] / SITE_DRAWS, 0)) / trials.length
}

describe('pooling draws of skewed posteriors as they are', () => {
  const source = stream(2, 'single times')
  const sums = Array.from({ length: 8 }, () => drawGamma(source, 1) / Math.exp(0.3 + drawNormal(source, 0, 0.4)))
  const trials = sums.map((sum, index) =>
    trialOf(
      `trial ${index}`,
      Float64Array.from({ length: SITE_DRAWS }, () => Math.log(drawGamma(source, 1) / sum)),
      1,
    ),
  )
  /** log of the integral of exp(theta - s e^theta) N(theta; mu, tau^2) by the trapezoidal rule. */
  const logLikelihood = (sum: number, mu: number, tau: number) => {
    let total = 0
    for (let z = -6; z <= 6; z += 0.05) {
      const theta = mu + tau * z
      total += Math.exp(-0.5 * z * z + theta - sum * Math.exp(theta))
    }
    return Math.log(total)
  }
  const exactMean = () => {
    let [total, first] = [0, 0]
    for (let mu = -3; mu <= 3; mu += 0.05)
      for (let tau = 0.01; tau <= 2.5; tau += 0.04) {
        const prior = -0.5 * (mu / 10) ** 2 - 0.5 * (tau / SCALE) ** 2
        const density = Math.exp(sums.reduce((log, sum) => log + logLikelihood(sum, mu, tau), prior))
        total += density
        first += density * mu
      }
    return first / total
  }

  it('brings the average to what integration over all trials gives, which normal summaries do not', async () => {
    const exact = exactMean()
    const { draws, correction } = await pool(trials, { siteLikelihood: 'draws' })
    expect(correction).toMatchObject({ outcome: 'corrected', drawCount: 2000 })
    expect(correction!.paretoK).toBeLessThan(0.7)
    const { mean, error } = average(draws)
    // resampling makes draws worth less by the share of weights that are not even, at most half here
    const FOUR_STANDARD_ERRORS = 4 * Math.hypot(Math.SQRT2 * error, siteError(trials))
    expect(Math.abs(mean - exact)).toBeLessThan(FOUR_STANDARD_ERRORS)
    // negative control
    const summaries = await pool(trials, {})
    expect(summaries.correction).toBeUndefined()
    expect(Math.abs(average(summaries.draws).mean - exact)).toBeGreaterThan(FOUR_STANDARD_ERRORS)
  })

  it('weighs by a likelihood that is much nearer to the exact one than the smoothed one is', () => {
    const raw = { siteLikelihood: 'draws', siteDrawCount: 500, heterogeneityScale: SCALE }
    const options = hierarchical.parseOptions(raw)
    const { model: pooling, data } = hierarchical.condition(trials, options)
    const conditioned = condition(pooling, data, { strict: true })
    const weigh = siteCorrection(trials, options)!
    const distances = [-0.9, -0.5, -0.1, 0.3, 0.7, 1.1].map((mu) => {
      const tau = 0.4
      const exact = sums.reduce((log, sum) => log + logLikelihood(sum, mu, tau), 0)
      const { values } = conditioned.pointwiseLogLikelihood(Float64Array.of(mu, Math.log(tau)))
      const smooth = values.reduce((log, value) => log + value, 0)
      const { logRatio } = weigh(stream(1), { mu: Float64Array.of(mu), tau: Float64Array.of(tau) })
      return [smooth - exact, smooth + logRatio - exact]
    })
    const spread = (column: number) => {
      const of = distances.map((row) => row[column])
      return Math.max(...of) - Math.min(...of)
    }
    expect(spread(1)).toBeLessThan(0.4 * spread(0))
  })
})

describe('two coefficients that depend on each other', () => {
  const source = stream(6, 'two groups')
  const times = [1, 2]
  const sums = Array.from({ length: 8 }, () => {
    const [rate, difference] = [drawNormal(source, 0.3, 0.4), drawNormal(source, 0.5, 0.3)]
    return [drawGamma(source, times[0]) / Math.exp(rate), drawGamma(source, times[1]) / Math.exp(rate + difference)]
  })
  const trials = sums.map(([first, second], index) => {
    const draws = new Float64Array(2 * SITE_DRAWS)
    for (let draw = 0; draw < SITE_DRAWS; draw++) {
      draws[2 * draw] = Math.log(drawGamma(source, times[0]) / first)
      draws[2 * draw + 1] = Math.log(drawGamma(source, times[1]) / second) - draws[2 * draw]
    }
    return trialOf(`trial ${index}`, draws, 2)
  })
  const coefficient = { name: 'coefficient', labels: ['treatment', 'treatment:age'] }
  const oneStage = model({
    name: 'one stage',
    parameters: ({ first }: { first: number[]; second: number[] }) => ({
      mu: normal(0, 10, { shape: [coefficient] }),
      tau: halfNormal(SCALE, { shape: [coefficient] }),
      rate: normal(0, 1, { shape: [first.length] }),
      difference: normal(0, 1, { shape: [first.length] }),
    }),
    logLikelihood: ({ mu, tau, rate, difference }, { first, second }) => {
      const of = (values: tf.Tensor, element: number) => tf.slice(values, [element], [1])
      const one = tf.add(of(mu, 0), tf.mul(of(tau, 0), rate))
      const other = tf.add(one, tf.add(of(mu, 1), tf.mul(of(tau, 1), difference)))
      const group = (log: tf.Tensor, count: number, sum: number[] | tf.Tensor) =>
        tf.sub(tf.mul(count, log), tf.mul(sum as tf.Tensor, tf.exp(log)))
      return tf.add(group(one, times[0], first), group(other, times[1], second))
    },
  })

  it('agree with the model of all waiting times at once, which normal summaries do not', async () => {
    const data = { first: sums.map(([sum]) => sum), second: sums.map(([, sum]) => sum) }
    const whole = await fit(oneStage, data, { seed: 5, chains: 2, warmup: 500, draws: 2000, targetAcceptance: 0.95, workers: 0 })
    const { draws, correction } = await pool(trials, { siteLikelihood: 'draws' })
    expect(correction!.outcome).toBe('corrected')
    const summaries = await pool(trials, {})
    const distances = [0, 1].map((element) => {
      const [exact, ours, normalForm] = [whole.draws, draws, summaries.draws].map((each) => average(each, element))
      return {
        ours: Math.abs(ours.mean - exact.mean),
        normalForm: Math.abs(normalForm.mean - exact.mean),
        allowed: 4 * Math.hypot(exact.error, Math.SQRT2 * ours.error, siteError(trials, element)),
      }
    })
    for (const { ours, allowed } of distances) expect(ours).toBeLessThan(allowed)
    // negative control
    expect(distances.some(({ normalForm, allowed }) => normalForm > allowed)).toBe(true)
  })
})

describe('weights that cannot be relied on', () => {
  const source = stream(4, 'sampled')
  const sampled: Draws = {
    chainCount: 2,
    drawCount: 1000,
    variables: [{ name: 'mu', dimensions: [], values: Float64Array.from({ length: 2000 }, () => drawNormal(source, 0, 1)) }],
  }
  const corrected = (logRatio: (mu: number) => number, variance = 0) =>
    pooledDrawsOf(
      {
        pooledDraws: (draws: Draws) => draws,
        siteCorrection:
          () =>
          (_: unknown, { mu }: { mu: Float64Array }) => ({
            logRatio: logRatio(mu[0]),
            variance,
            variables: {},
          }),
      } as unknown as PoolingMethod,
      {},
      [],
      sampled,
      KEY,
    )
  const meanOf = ({ draws }: { draws: Draws }) => variable(draws, 'mu').values.reduce((sum, value) => sum + value / 2000, 0)

  it('light tails: N(0, 1) is carried over to N(0.5, 1)', () => {
    const found = corrected((mu) => 0.5 * mu)
    expect(found.correction!.outcome).toBe('corrected')
    // exp(0.25) = 1.28 times the variance of a mean of 2000 draws, and about as much again from resampling
    expect(Math.abs(meanOf(found) - 0.5)).toBeLessThan(4 * Math.sqrt(2 * (1.28 / 2000)))
    expect(correctionCautions(found.correction)).toEqual([])
  })
  it('heavy tails: k-hat is reported, the draws stay as sampled, and a warning says so', () => {
    const found = corrected((mu) => 3 * Math.abs(mu))
    expect(found.correction).toMatchObject({ outcome: 'unreliable-weights' })
    expect(found.correction!.paretoK).toBeGreaterThan(0.7)
    expect(variable(found.draws, 'mu').values).toEqual(variable(sampled, 'mu').values)
    expect(correctionCautions(found.correction)).toMatchObject([
      { severity: 'important', message: expect.stringMatching(/k-hat of the importance weights is \d.*siteLikelihood: normal/s) },
    ])
  })
  it('too few draws of the trials near what is pooled: the same', () => {
    const found = corrected((mu) => 0.1 * mu, 0.6)
    expect(found.correction).toMatchObject({ outcome: 'too-few-draws' })
    expect(correctionCautions(found.correction)[0].message).toContain('too few of the trials')
  })
  it('six coefficients with 150 draws of each trial are too many for too few', async () => {
    const names = Array.from({ length: 6 }, (_, index) => (index === 0 ? 'treatment' : `treatment:x${index}`))
    const trials = Array.from({ length: 4 }, (_, index) => {
      const draws = Float64Array.from({ length: 6 * 150 }, () => drawNormal(source, 0, 0.3))
      return { ...trialOf(`trial ${index}`, draws, 6), coefficientNames: names }
    })
    const { correction } = await pool(trials, { siteLikelihood: 'draws' })
    expect(correction!.outcome).toBe('too-few-draws')
  })
})
