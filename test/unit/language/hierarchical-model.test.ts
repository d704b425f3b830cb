import { describe, expect, it } from 'vitest'
import { poolingMethod as hierarchical } from '../../../models/pooling/hierarchical.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { fit } from '../../../src/fit.js'
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
