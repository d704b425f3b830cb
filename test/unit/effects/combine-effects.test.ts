import { describe, expect, it } from 'vitest'
import { poolingMethod as mixture } from '../../../models/pooling/mixture.js'
import { poolingMethod as weightedAverage } from '../../../models/pooling/weighted-average.js'
import type { TrialEffects } from '../../../src/contract/pooling-method.js'
import { variable } from '../../../src/draws/variable.js'
import { pooledMean } from '../../../src/numeric/heterogeneity.js'
import { normalQuantile } from '../../../src/numeric/normal-quantile.js'
import { stream } from '../../../src/random/stream.js'

const means = [0.4, 1.1, -0.2, 0.9, 0.6]
const deviations = [0.1, 0.3, 0.2, 0.15, 0.4]
/** Quantiles of a normal distribution in an order of their own, standing in for draws: moments hold to a few digits. */
const normalDraws = (mean: number, sd: number, count = 999) =>
  Float64Array.from({ length: count }, (_, index) => mean + sd * normalQuantile((((index * 367) % count) + 0.5) / count))
const trials: TrialEffects[] = means.map((mean, trial) => ({
  study: `trial ${trial + 1}`,
  patientCount: 100 * (trial + 1),
  draws: normalDraws(mean, deviations[trial]),
  modifiers: new Float64Array(0),
}))
const request = {
  people: ['a'],
  chainCount: 1,
  drawCount: 6000,
  streamFor: (chain: number) => stream(1, 'combine', chain),
}
const average = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: Float64Array) => {
  const centre = average(values)
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
}
/** Four Monte Carlo standard errors of a mean and, relative, of the variance of nearly normal draws. */
const meanError = (sd: number) => (4 * sd) / Math.sqrt(request.drawCount)
const VARIANCE_ERROR = 4 * Math.sqrt(2 / request.drawCount)

const byVariance = { weights: 'posterior-variance', heterogeneity: 'none' }
/** Moments of each trial's draws as they are. */
const own = trials.map(({ draws }) => ({ mean: average(draws), variance: variance(draws) }))
const inverse = pooledMean(
  Float64Array.from(own, ({ mean }) => mean),
  Float64Array.from(own, (one) => one.variance),
  0,
)

describe('weighted average of effects', () => {
  it('with posterior-variance weights and no heterogeneity is the inverse-variance average with its standard error', () => {
    const { draws, weights } = weightedAverage.pool(trials, weightedAverage.parseOptions(byVariance), request, {})
    const mu = variable(draws, 'mu').values
    expect(Math.abs(average(mu) - inverse.mean)).toBeLessThan(meanError(Math.sqrt(1 / inverse.precision)))
    expect(Math.abs(variance(mu) * inverse.precision - 1)).toBeLessThan(VARIANCE_ERROR)
    own.forEach((one, trial) => {
      expect(weights[trial]).toBeCloseTo(1 / one.variance / inverse.precision, 10)
    })
  })
  it('takes trials with differently many draws for what their draws say', () => {
    const shorter = trials.map((trial, index) => ({
      ...trial,
      draws: normalDraws(means[index], deviations[index], 999 - 110 * index),
    }))
    const moments = shorter.map(({ draws }) => ({ mean: average(draws), variance: variance(draws) }))
    const expected = pooledMean(
      Float64Array.from(moments, ({ mean }) => mean),
      Float64Array.from(moments, (one) => one.variance),
      0,
    )
    for (const { draws, weights } of [
      weightedAverage.pool(shorter, weightedAverage.parseOptions(byVariance), request, {}),
      mixture.pool(shorter, mixture.parseOptions(byVariance), request, {}),
    ]) {
      const mu = variable(draws, 'mu').values
      expect(Math.abs(average(mu) - expected.mean)).toBeLessThan(meanError(Math.sqrt(1 / expected.precision)))
      expect(average(weights)).toBeCloseTo(1 / trials.length, 12)
    }
  })
  it('of identical trials is the answer of each of them, whatever the weights', () => {
    const same = trials.map((trial) => ({ ...trial, draws: trials[0].draws, refits: trials[0].draws }))
    for (const weights of ['posterior-variance', 'bootstrap', 'size', 'equal'])
      for (const heterogeneity of ['none', 'posterior', 'dersimonian-laird']) {
        const options = weightedAverage.parseOptions({ weights, heterogeneity })
        const mu = variable(weightedAverage.pool(same, options, request, {}).draws, 'mu').values
        expect(Math.abs(average(mu) - own[0].mean), `${weights} ${heterogeneity}`).toBeLessThan(
          meanError(3 * Math.sqrt(variance(mu))),
        )
      }
  })
  it('has the variance sum w^2 (v + tau^2) and a new setting that adds tau^2, with Student-t tails when tau is estimated', () => {
    const options = weightedAverage.parseOptions({ weights: 'equal', heterogeneity: 'dersimonian-laird' })
    const { draws } = weightedAverage.pool(trials, options, request, {})
    const [mu, fresh, tau] = ['mu', 'theta_new', 'tau'].map((name) => variable(draws, name).values)
    const between = tau[0] ** 2
    const expected = own.reduce((sum, one) => sum + (one.variance + between) / 25, 0)
    // the variance of Student's t with 4 degrees of freedom is 2, with 3 it is 3; their kurtosis makes these estimates rough
    expect(variance(mu) / (2 * expected)).toBeGreaterThan(0.8)
    expect(variance(mu) / (2 * expected)).toBeLessThan(1.25)
    expect(variance(fresh) / (3 * (expected + between))).toBeGreaterThan(0.6)
  })
  it('shrinks an existing trial towards the average by v / (v + tau^2)', () => {
    const options = weightedAverage.parseOptions({
      weights: 'posterior-variance',
      heterogeneity: 'posterior',
      heterogeneityScale: 1,
    })
    const { draws } = weightedAverage.pool(trials, options, request, {})
    const theta = variable(draws, 'theta').values
    own.forEach(({ mean }, trial) => {
      const found = average(theta.filter((_, at) => at % trials.length === trial))
      const pooled = average(variable(draws, 'mu').values)
      expect(Math.sign(found - mean) * Math.sign(pooled - mean)).toBeGreaterThanOrEqual(0)
      expect(Math.abs(found - mean)).toBeLessThan(Math.abs(pooled - mean))
    })
  })
})

describe('pooled in two parts', () => {
  const split = trials.map((trial, index) => ({
    ...trial,
    reference: { draws: normalDraws(means[index] / 2, deviations[index] / 3), modifiers: new Float64Array(0) },
  }))
  it('with equal weights gives what pooling the whole gives', () => {
    const results = ['joint', 'separate'].map((components) => {
      const options = weightedAverage.parseOptions({ weights: 'equal', heterogeneity: 'none', components })
      return variable(weightedAverage.pool(split, options, request, {}).draws, 'mu').values
    })
    results[0].forEach((value, draw) => {
      expect(Math.abs(value - results[1][draw])).toBeLessThan(1e-10)
    })
  })
  it('keeps differences between the trials at the reference patient out of the difference from it', () => {
    // the same difference 1 in all trials, known badly where the effect at the reference is great: the whole follows the weights, the parts do not
    const levels = [0, 0, 0, 3, 3]
    const leaking = levels.map((level, trial) => {
      const base = normalDraws(level, 0.05)
      const noise = normalDraws(0, trial < 3 ? 0.05 : 0.6).reverse()
      return {
        ...trials[trial],
        draws: base.map((value, draw) => value + 1 + noise[draw]),
        reference: { draws: base, modifiers: new Float64Array(0) },
      }
    })
    const effectOf = (components: string, at: TrialEffects[]) => {
      const options = weightedAverage.parseOptions({ ...byVariance, components })
      return average(variable(weightedAverage.pool(at, options, request, {}).draws, 'mu').values)
    }
    const reference = effectOf(
      'joint',
      leaking.map((trial) => ({ ...trial, draws: trial.reference.draws })),
    )
    expect(effectOf('separate', leaking) - reference).toBeCloseTo(1, 1)
    expect(Math.abs(effectOf('joint', leaking) - reference - 1)).toBeGreaterThan(0.5)
  })
})

describe('mixture', () => {
  it('with inverse-variance weights has the variance {J + Q} / sum of precisions, and does not contract as trials are added', () => {
    const { draws } = mixture.pool(trials, mixture.parseOptions(byVariance), request, {})
    const mixed = variable(draws, 'mixture').values
    const cochran = own.reduce((sum, one) => sum + (one.mean - inverse.mean) ** 2 / one.variance, 0)
    const expected = (trials.length + cochran) / inverse.precision
    expect(Math.abs(variance(mixed) / expected - 1)).toBeLessThan(VARIANCE_ERROR)
    expect(Math.abs(average(mixed) - inverse.mean)).toBeLessThan(meanError(Math.sqrt(expected)))
    // negative control: the variance of the average, which a posterior of the mean has
    expect(variance(mixed)).toBeGreaterThan(5 / inverse.precision)
    const doubled = [...trials, ...trials.map((trial) => ({ ...trial, study: `${trial.study} again` }))]
    const again = variable(mixture.pool(doubled, mixture.parseOptions(byVariance), request, {}).draws, 'mixture').values
    expect(variance(again) / variance(mixed)).toBeGreaterThan(0.9)
  })
  it('is the new setting when asked for, and its average keeps the weighted mean and variance', () => {
    const { draws } = mixture.pool(trials, mixture.parseOptions({ ...byVariance, newSetting: 'mixture' }), request, {})
    expect(variable(draws, 'theta_new').values).toEqual(variable(draws, 'mixture').values)
    const mu = variable(draws, 'mu').values
    expect(Math.abs(average(mu) - inverse.mean)).toBeLessThan(meanError(Math.sqrt(1 / inverse.precision)))
    expect(Math.abs(variance(mu) * inverse.precision - 1)).toBeLessThan(VARIANCE_ERROR)
  })
})
