import { describe, expect, it } from 'vitest'
import { poolingMethod as hierarchical } from '../../../models/pooling/hierarchical.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { fit } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { stream } from '../../../src/random/stream.js'
import { meanWithError } from '../../statistical/monte-carlo-error.js'

function estimates(values: readonly number[][], variances: readonly number[]): TrialEstimate[] {
  return values.map((estimate, trial) => ({
    study: `trial ${trial + 1}`,
    patientCount: 100,
    coefficientNames: estimate.length === 1 ? ['treatment'] : ['treatment', 'treatment:age'],
    estimate: Float64Array.from(estimate),
    covariance: Float64Array.from(
      estimate.length === 1
        ? [variances[trial]]
        : [variances[trial], 0.3 * variances[trial], 0.3 * variances[trial], variances[trial]],
    ),
  }))
}

async function pool(trials: readonly TrialEstimate[], raw: Record<string, unknown>): Promise<Draws> {
  const { model, data } = hierarchical.condition(trials, hierarchical.parseOptions(raw))
  const { draws } = await fit(model, data, { seed: 6, chains: 4, warmup: 500, draws: 1000, strict: true })
  return hierarchical.pooledDraws(draws)
}

/** `[chain][draw]` of one element of a variable. */
function chainsOf(draws: Draws, name: string, element = 0): Float64Array[] {
  const { values } = variable(draws, name)
  const size = values.length / (draws.chainCount * draws.drawCount)
  return Array.from({ length: draws.chainCount }, (_, chain) =>
    Float64Array.from({ length: draws.drawCount }, (__, draw) => values[(chain * draws.drawCount + draw) * size + element]),
  )
}
const distance = (chains: readonly Float64Array[], truth: number) => {
  const { mean, standardError } = meanWithError(chains)
  return Math.abs(mean - truth) / standardError
}
const squaresAbout = (chains: readonly Float64Array[], centre: number) =>
  chains.map((chain) => chain.map((value) => (value - centre) ** 2))
/** 2 x 2 matrices, row-major. */
const inverse = ([a, b, c, d]: readonly number[]) => [d, -b, -c, a].map((value) => value / (a * d - b * c))
const times = ([a, b, c, d]: readonly number[], [x, y]: readonly number[]) => [a * x + b * y, c * x + d * y]
const logBivariateNormal = (residual: readonly number[], covariance: readonly number[]) => {
  const [a, b, c, d] = covariance
  const [u, v] = times(inverse(covariance), residual)
  return -(residual[0] * u + residual[1] * v) / 2 - Math.log(a * d - b * c) / 2 - Math.log(2 * Math.PI)
}

/** At most 20 comparisons at a family-wise error of 2e-5. */
const FIVE_STANDARD_ERRORS = 5

describe('the hierarchical model as heterogeneity goes to zero', () => {
  const effects = [0.2, 0.5, 0.9, -0.1]
  const variances = [0.04, 0.09, 0.16, 0.02]
  const MEAN_SCALE = 10
  const precision = variances.reduce((sum, variance) => sum + 1 / variance, 1 / MEAN_SCALE ** 2)
  const pooled = effects.reduce((sum, effect, trial) => sum + effect / variances[trial], 0) / precision
  const run = pool(
    estimates(
      effects.map((effect) => [effect]),
      variances,
    ),
    { heterogeneityScale: 1e-4, meanScale: MEAN_SCALE },
  )

  it('is the fixed-effect analysis: inverse-variance weighted mean and its variance', async () => {
    const mu = chainsOf(await run, 'mu')
    expect(distance(mu, pooled)).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(distance(squaresAbout(mu, pooled), 1 / precision)).toBeLessThan(FIVE_STANDARD_ERRORS)
  })
  it('gives every trial and a new setting the same effect, up to the scale of heterogeneity', async () => {
    const draws = await run
    const mu = variable(draws, 'mu').values
    const furthest = (values: Float64Array, size: number) =>
      values.reduce((most, value, at) => Math.max(most, Math.abs(value - mu[Math.floor(at / size)])), 0)
    // tau exceeds 6 scales, and theta 6 tau, with probability below 1e-8 each.
    expect(furthest(variable(draws, 'theta').values, 4)).toBeLessThan(36e-4)
    expect(furthest(variable(draws, 'theta_new').values, 1)).toBeLessThan(36e-4)
  })
  it('negative control: the unweighted mean is noticed to be wrong', async () => {
    expect(distance(chainsOf(await run, 'mu'), 0.375)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
})

describe('the hierarchical model as heterogeneity grows', () => {
  const effects = [-40, -15, 20, 45]
  const variances = [0.04, 0.09, 0.16, 0.02]
  const run = pool(
    estimates(
      effects.map((effect) => [effect]),
      variances,
    ),
    { heterogeneityScale: 100, meanScale: 1000 },
  )

  it('leaves each trial its own estimate and variance', async () => {
    const draws = await run
    for (const [trial, effect] of effects.entries()) {
      const theta = chainsOf(draws, 'theta', trial)
      // Shrinkage S / (S + T) with T near 1500 moves theta by at most 0.16 / 1500 * 45 = 0.005 of a standard error 0.4.
      expect(distance(theta, effect)).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(distance(squaresAbout(theta, effect), variances[trial])).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
  })
  it('centres the average setting on the unweighted mean of the trials', async () => {
    expect(distance(chainsOf(await run, 'mu'), 2.5)).toBeLessThan(FIVE_STANDARD_ERRORS)
  })
  it('negative control: the fixed-effect mean, which trial 4 dominates, is noticed to be wrong', async () => {
    const weights = variances.map((variance) => 1 / variance)
    const fixed = effects.reduce((sum, effect, trial) => sum + effect * weights[trial], 0) / weights.reduce((a, b) => a + b)
    expect(distance(chainsOf(await run, 'mu'), fixed)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
})

describe('common interactions', () => {
  it('are the same in every trial and in a new setting, with no between-trial standard deviation', async () => {
    const draws = await pool(
      estimates(
        [
          [0.2, 0.1],
          [0.5, -0.1],
          [0.9, 0.3],
        ],
        [0.04, 0.09, 0.05],
      ),
      { heterogeneity: 'random-effect' },
    )
    const [mu, tau, theta, fresh] = ['mu', 'tau', 'theta', 'theta_new'].map((name) => variable(draws, name).values)
    for (let draw = 0; draw < draws.chainCount * draws.drawCount; draw++) {
      const interaction = mu[2 * draw + 1]
      expect(tau[2 * draw + 1]).toBe(0)
      expect(fresh[2 * draw + 1]).toBe(interaction)
      for (let trial = 0; trial < 3; trial++) expect(theta[(3 * draw + trial) * 2 + 1]).toBe(interaction)
    }
  })
})

describe('the hierarchical model at given parameters', () => {
  const trials = estimates(
    [
      [0.2, 0.1],
      [0.5, -0.1],
      [0.9, 0.3],
    ],
    [0.04, 0.09, 0.05],
  )
  /** T = diag(tau) Omega diag(tau) at the position of a model, from the draws there. */
  const at = (heterogeneity: string, count: number) => {
    const { model, data } = hierarchical.condition(trials, hierarchical.parseOptions({ heterogeneity }))
    const conditioned = condition(model, data)
    const position = Float64Array.from(
      { length: conditioned.logDensity.dimension },
      (_, index) => 0.4 * Math.sin(5 * index + 1) - 0.5,
    )
    const positions = Float64Array.from({ length: count * position.length }, (_, index) => position[index % position.length])
    const draws = hierarchical.pooledDraws(conditioned.draws(positions, 1, () => stream(9, heterogeneity)))
    const [sd, interactionSd] = variable(draws, 'tau').values
    const omega = heterogeneity === 'unstructured' ? variable(draws, 'Omega').values[1] : 0
    const covariance = [sd ** 2, omega * sd * interactionSd, omega * sd * interactionSd, interactionSd ** 2]
    const logLikelihood = conditioned.pointwiseLogLikelihood(position).values
    return { draws, mu: Array.from(variable(draws, 'mu').values.subarray(0, 2)), covariance, omega, logLikelihood }
  }
  const forms = ['random-effect', 'diagonal', 'unstructured'] as const

  it.each(forms)('%s: the log likelihood of a trial is the normal density of its estimate with covariance S + T', (form) => {
    const { mu, covariance, logLikelihood, omega } = at(form, 1)
    if (form === 'unstructured') expect(Math.abs(omega)).toBeGreaterThan(0.1)
    trials.forEach((trial, index) => {
      const total = covariance.map((value, element) => value + trial.covariance[element])
      const byHand = logBivariateNormal([trial.estimate[0] - mu[0], trial.estimate[1] - mu[1]], total)
      expect(Math.abs(logLikelihood[index] - byHand)).toBeLessThan(1e-12)
    })
  })
  it.each(forms)(
    '%s: draws of theta have their conditional mean mu + T (S + T)^-1 (b - mu) and variance T - T (S + T)^-1 T',
    (form) => {
      const { draws, mu, covariance: t } = at(form, 4000)
      trials.forEach((trial, index) => {
        const weight = inverse(t.map((value, element) => value + trial.covariance[element]))
        const shift = times(t, times(weight, [trial.estimate[0] - mu[0], trial.estimate[1] - mu[1]]))
        const [explained] = times(t, times(weight, [t[0], t[2]]))
        const theta = chainsOf(draws, 'theta', 2 * index)
        expect(distance(theta, mu[0] + shift[0])).toBeLessThan(FIVE_STANDARD_ERRORS)
        expect(distance(squaresAbout(theta, mu[0] + shift[0]), t[0] - explained)).toBeLessThan(FIVE_STANDARD_ERRORS)
        // Negative control: without the pull towards mu the mean is noticed to be wrong.
        expect(distance(theta, trial.estimate[0])).toBeGreaterThan(FIVE_STANDARD_ERRORS)
      })
    },
  )
  it('a new setting varies about mu with covariance T', () => {
    const { draws, mu, covariance } = at('unstructured', 4000)
    const [first, second] = [0, 1].map((element) => chainsOf(draws, 'theta_new', element))
    const products = [first[0].map((value, draw) => (value - mu[0]) * (second[0][draw] - mu[1]))]
    expect(distance(first, mu[0])).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(distance(squaresAbout(second, mu[1]), covariance[3])).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(distance(products, covariance[1])).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(distance(products, 0)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
})
