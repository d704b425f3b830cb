import { describe, expect, it } from 'vitest'
import type { DesignColumn } from '../../../src/contract/trial.js'
import { invertPositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { trialEstimateByLeastSquares } from '../../../src/numeric/trial-regression.js'
import { stream } from '../../../src/random/stream.js'
import { modificationCoefficients, nonLinearModification, prognosis } from '../../../src/simulation/mainetti/effect.js'
import { mainettiFamily } from '../../../src/simulation/mainetti/family.js'
import type { SimulatedData, SimulatedTrial } from '../../../src/simulation/scenario-family.js'
import { trialDesign } from '../../../src/simulation/trial-design.js'

/** Each comparison is at 4.5 standard errors: two-sided 7e-6, under 1e-3 for the whole file. */
const Z = 4.5
const REPLICATES = 20
const scenarios = mainettiFamily.scenarios
const simulate = (scenario: number, replicate: number, seed = 1) =>
  mainettiFamily.simulate(stream(seed, 'test', scenario, replicate), scenarios[scenario])
const replicates = (scenario: number) => Array.from({ length: REPLICATES }, (_, replicate) => simulate(scenario, replicate))

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const covariance = (left: readonly number[], right: readonly number[]) => {
  const [leftMean, rightMean] = [mean(left), mean(right)]
  return left.reduce((sum, value, index) => sum + (value - leftMean) * (right[index] - rightMean), 0) / (left.length - 1)
}
const sd = (values: readonly number[]) => Math.sqrt(covariance(values, values))
const covariate = (trials: readonly SimulatedTrial[], index: number) =>
  trials.flatMap((trial) => Array.from(trial.outcome, (_, patient) => trial.covariates[patient * 8 + index]))
const allTrials = (data: SimulatedData) => [...data.trainingTrials, ...data.testTrials]

describe('the sixteen scenarios', () => {
  it('are the four factors in the published order, heterogeneity fastest, linear first', () => {
    expect(scenarios).toHaveLength(16)
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(16)
    expect(scenarios[0].factors).toEqual({
      heterogeneity: 0.2,
      modification: 'small',
      trialSize: 'small',
      interactions: 'linear',
    })
    expect(scenarios[1].factors.heterogeneity).toBe(0.5)
    expect(scenarios[2].factors.modification).toBe('large')
    expect(scenarios[4].factors.trialSize).toBe('large')
    expect(scenarios.map(({ factors }) => factors.interactions === 'complex').lastIndexOf(false)).toBe(7)
  })
})

describe('a simulated data set', () => {
  it('has ten training trials of 50 to 200 patients (300 to 600 when large) and three test trials of 1000', () => {
    for (const [scenario, least, most] of [
      [0, 50, 200],
      [4, 300, 600],
    ]) {
      const sizes = replicates(scenario).flatMap(({ trainingTrials }) => trainingTrials.map(({ outcome }) => outcome.length))
      expect(sizes).toHaveLength(10 * REPLICATES)
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(least)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(most)
      expect(Math.abs(mean(sizes) - (least + most) / 2)).toBeLessThan((Z * (most - least)) / Math.sqrt(12 * sizes.length))
    }
    expect(simulate(0, 0).testTrials.map(({ outcome }) => outcome.length)).toEqual([1000, 1000, 1000])
  })

  it('is the same to the last bit for the same stream, and another one for another seed or replicate', () => {
    const bytes = (data: SimulatedData) => JSON.stringify(data)
    expect(bytes(simulate(3, 0))).toBe(bytes(simulate(3, 0)))
    expect(bytes(simulate(3, 1))).not.toBe(bytes(simulate(3, 0)))
    expect(bytes(simulate(3, 0, 2))).not.toBe(bytes(simulate(3, 0)))
  })
})

describe('covariates', () => {
  const trials = replicates(0).flatMap(allTrials)
  const [x1, x2, x3] = [0, 1, 2].map((index) => covariate(trials, index))
  const count = x1.length

  it('have mean 0 and variance 2.5 when continuous, and are 0 or 1 otherwise', () => {
    for (const index of [0, 2, 4, 6]) {
      const values = covariate(trials, index)
      expect(Math.abs(mean(values))).toBeLessThan(Z * Math.sqrt(2.5 / count))
      expect(Math.abs(covariance(values, values) - 2.5)).toBeLessThan(Z * 2.5 * Math.sqrt(2 / count))
    }
    for (const index of [1, 3, 5, 7]) expect(covariate(trials, index).every((value) => value === 0 || value === 1)).toBe(true)
    expect(Math.abs(mean(x2) - 0.5)).toBeLessThan(Z * Math.sqrt(0.25 / count))
  })

  it('have lag-1 correlation 0.35 / 2.5 before dichotomising, so cov(x1, x2) = -0.35 phi(0) / sqrt(2.5), and cov(x1, x3) = 0.35^2', () => {
    const expected = -0.35 / Math.sqrt(2 * Math.PI) / Math.sqrt(2.5)
    const tolerance = Z * Math.sqrt((2.5 * 0.25) / count)
    expect(Math.abs(covariance(x1, x2) - expected)).toBeLessThan(tolerance)
    expect(Math.abs(covariance(x1, x2) - 2.5 * expected)).toBeGreaterThan(tolerance)
    expect(Math.abs(covariance(x1, x3) - 0.35 ** 2)).toBeLessThan(Z * Math.sqrt((2.5 ** 2 + 0.35 ** 4) / count))
  })

  it('are cut at points that all trials of a data set share and that differ between data sets', () => {
    const shares = replicates(0).map(({ testTrials }) => testTrials.map((trial) => mean(covariate([trial], 3))))
    const standardError = Math.sqrt(0.25 / 1000)
    for (const [first, second, third] of shares) {
      expect(Math.abs(first - second)).toBeLessThan(Z * Math.SQRT2 * standardError)
      expect(Math.abs(first - third)).toBeLessThan(Z * Math.SQRT2 * standardError)
    }
    expect(sd(shares.map(mean))).toBeGreaterThan(3 * standardError)
  })
})

describe('outcome and truth', () => {
  it('differ by a trial intercept and a residual, each of variance 0.5, with the treatment effect only in treated patients', () => {
    const residuals = replicates(1)
      .flatMap(allTrials)
      .map((trial) =>
        Array.from(trial.outcome, (y, patient) => {
          const untreated = prognosis(trial.covariates.subarray(patient * 8, patient * 8 + 8))
          return y - untreated - trial.treatment[patient] * trial.treatmentEffect[patient]
        }),
      )
    const intercepts = residuals.map(mean)
    const expected = 0.5 + mean(residuals.map(({ length }) => 0.5 / length))
    expect(Math.abs(covariance(intercepts, intercepts) - expected)).toBeLessThan(
      Z * expected * Math.sqrt(2 / (intercepts.length - 1)),
    )
    const within = residuals.flatMap((values) => values.map((value) => value - mean(values)))
    const freedom = within.length - residuals.length
    const variance = within.reduce((sum, value) => sum + value * value, 0) / freedom
    expect(Math.abs(variance - 0.5)).toBeLessThan(Z * 0.5 * Math.sqrt(2 / freedom))
  })

  it.each([
    [0, 0.2],
    [1, 0.5],
  ])('deviate from the mean function by one number per trial, of variance tau^2 (scenario %i: %f)', (scenario, tauSquared) => {
    const deviations = replicates(scenario)
      .flatMap(allTrials)
      .map((trial) => Array.from(trial.treatmentEffect, (effect, patient) => effect - trial.meanEffect[patient]))
    for (const values of deviations) expect(Math.max(...values) - Math.min(...values)).toBeLessThan(1e-12)
    const effects = deviations.map(([first]) => first)
    const tolerance = Z * tauSquared * Math.sqrt(2 / (effects.length - 1))
    expect(Math.abs(covariance(effects, effects) - tauSquared)).toBeLessThan(tolerance)
    expect(Math.abs(covariance(effects, effects) - Math.sqrt(tauSquared))).toBeGreaterThan(tolerance)
  })

  /** The published figures come from a simulation of unstated size: taken to be as precise as ours, rounded to 0.005. */
  it.each([
    ['linear, small', 0, 2.33],
    ['linear, large', 2, 8.01],
    ['complex, small', 8, 3.91],
    ['complex, large', 10, 8.29],
  ])('the effect has the documented standard deviation over patients: %s modification', (_, scenario, published) => {
    const sds = replicates(scenario).map(({ testTrials }) => sd(testTrials.flatMap(({ meanEffect }) => [...meanEffect])))
    const tolerance = Z * Math.SQRT2 * (sd(sds) / Math.sqrt(sds.length)) + 0.005
    expect(Math.abs(mean(sds) - published)).toBeLessThan(tolerance)
    expect(Math.abs(mean(sds) - 1.1 * published)).toBeGreaterThan(tolerance)
  })

  it('the non-linear term at (1, 1, 1, 0, 1) is 1.5 log 2 + 1.5 sqrt 2 - 4.2 - 1.8', () => {
    expect(nonLinearModification([1, 1, 1, 0, 1])).toBeCloseTo(1.5 * Math.LN2 + 1.5 * Math.SQRT2 - 6, 14)
    expect(nonLinearModification([-1, 0, 8, 0, 1])).toBeCloseTo(1.5 * Math.LN2 - 4.2 - 7.2, 13)
  })
})

describe('least squares on the training trials', () => {
  const columns: DesignColumn[] = simulate(4, 0).covariateNames.map((name) => ({
    name,
    covariate: name,
    centre: 0,
    scale: 1,
    isPrognostic: true,
    isModifier: true,
  }))
  /** (estimate - truth)' V^-1 (estimate - truth) of each trial is 9 F(9, n - 18): mean 9 (n - 18) / (n - 20), variance about 18. */
  function meanDistance(scenario: number): number {
    const { modification } = scenarios[scenario].factors
    const distances = [0, 1, 2].flatMap((replicate) =>
      simulate(scenario, replicate).trainingTrials.map((trial) => {
        const { estimate, covariance: v } = trialEstimateByLeastSquares(trialDesign(trial, columns))
        const truth = [2 + trial.treatmentEffect[0] - trial.meanEffect[0], ...modificationCoefficients(modification)]
        const precision = invertPositiveDefinite(v, 9)
        const error = estimate.map((value, index) => value - truth[index])
        return error.reduce(
          (sum, value, row) => sum + error.reduce((s, other, column) => s + value * other * precision[row * 9 + column], 0),
          0,
        )
      }),
    )
    return mean(distances)
  }
  const tolerance = (Z * Math.sqrt(19)) / Math.sqrt(30)

  it('is unbiased with the stated covariance when effect modification is linear, and only then', () => {
    expect(Math.abs(meanDistance(6) - 9.05)).toBeLessThan(tolerance)
    expect(Math.abs(meanDistance(14) - 9.05)).toBeGreaterThan(tolerance)
  })
})
