/** What must hold exactly, whatever the data: the invariants of two-stage analysis by least squares. */
import { describe, expect, it } from 'vitest'
import { poolingMethod as hierarchical } from '../../../models/pooling/hierarchical.js'
import { poolingMethod as mixture } from '../../../models/pooling/mixture.js'
import { poolingMethod as weightedAverage } from '../../../models/pooling/weighted-average.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { trialWeights } from '../../../src/effects/trial-weights.js'
import { fit } from '../../../src/fitting/fit.js'
import { multivariateMetaAnalysis } from '../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { MetaAnalysisOptions } from '../../../src/numeric/multivariate-meta-analysis/options.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { trialEstimateByLeastSquares, trialRegression, trialRegressionDesign } from '../../../src/numeric/trial-regression.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { column } from '../made-column.js'

const columns = ['age', 'bmi'].map(column)
const source = stream(12, 'invariants')

/** Trials of different sizes, noise and effects. */
const trials: TrialDesign[] = [30, 55, 80, 140, 40].map((count, trial) => {
  const covariates = Float64Array.from({ length: 2 * count }, (_, at) => drawNormal(source, at % 2 === 0 ? 0.3 * trial : 0, 1))
  const treatment = Float64Array.from({ length: count }, (_, patient) => patient % 2)
  const outcome = treatment.map((treated, patient) => {
    const [age, bmi] = [covariates[2 * patient], covariates[2 * patient + 1]]
    return trial + age + treated * (0.5 + 0.2 * trial + 0.4 * age - 0.3 * bmi) + drawNormal(source, 0, 0.5 + 0.4 * trial)
  })
  return { study: `trial ${trial}`, columns, outcome, treatment, covariates, patientIds: Array.from(outcome, String) }
})
const people = [
  [1, 0, 0],
  [1, 1.5, -0.7],
  [1, -2, 2],
]

const pooled = (designs: readonly TrialDesign[], options: Partial<MetaAnalysisOptions>) => {
  const estimates = designs.map(trialEstimateByLeastSquares)
  return multivariateMetaAnalysis({
    estimates: estimates.map(({ estimate }) => estimate),
    covariances: estimates.map(({ covariance }) => covariance),
    options,
  })
}
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, value, at) => sum + value * b[at], 0)
const quadratic = (matrix: Float64Array, c: readonly number[]) =>
  dot(
    c.map((_, row) => dot(matrix.subarray(row * c.length, (row + 1) * c.length), c)),
    c,
  )

/** Least squares solves systems of condition number below 1e3; sums have a few hundred terms of order 1. */
const ROUNDING = 1e-10

describe('least squares in each trial, pooled with a common effect', () => {
  /** All patients at once: an intercept and prognostic slopes for each trial, common effects, rows divided by the trial's residual standard deviation. */
  const oneStage = (deviationOf: (trial: TrialDesign) => number) => {
    const own = trials.length * 3
    const size = own + 3
    const rows = trials.flatMap((trial, index) => {
      const { values, coefficientCount } = trialRegressionDesign(trial)
      return Array.from(trial.outcome, (outcome, patient) => {
        const row = new Float64Array(size)
        row.set(values.subarray(patient * coefficientCount, patient * coefficientCount + 3), 3 * index)
        row.set(values.subarray(patient * coefficientCount + 3, (patient + 1) * coefficientCount), own)
        return { row: row.map((value) => value / deviationOf(trial)), outcome: outcome / deviationOf(trial) }
      })
    })
    const design = new Float64Array(rows.length * size)
    rows.forEach(({ row }, at) => {
      design.set(row, at * size)
    })
    const { coefficients, covariance, residualVariance } = ordinaryLeastSquares(
      design,
      Float64Array.from(rows, ({ outcome }) => outcome),
    )
    const block = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => covariance[(own + i) * size + own + j] / residualVariance))
    return { effect: coefficients.subarray(own), covariance: block }
  }
  const { coefficients, covariance } = pooled(trials, { estimator: 'fixed' })

  it('is the regression of all patients at once with intercepts, prognostic slopes and variances of each trial', () => {
    const { effect, covariance: whole } = oneStage((trial) => Math.sqrt(trialRegression(trial).residualVariance))
    effect.forEach((value, at) => {
      expect(Math.abs(coefficients[at] - value)).toBeLessThan(ROUNDING)
    })
    whole.forEach((value, at) => {
      expect(Math.abs(covariance[at] - value)).toBeLessThan(ROUNDING)
    })
    // negative control: one variance for all
    expect(Math.abs(oneStage(() => 1).effect[0] - coefficients[0])).toBeGreaterThan(0.01)
  })

  it('has no larger variance than inverse-variance weighting of effects, for anybody, and the same where covariances are proportional', () => {
    const estimates = trials.map(trialEstimateByLeastSquares)
    const byEffects = (covariances: readonly Float64Array[], c: readonly number[]) =>
      1 / covariances.reduce((sum, own) => sum + 1 / quadratic(own, c), 0)
    const own = estimates.map((one) => one.covariance)
    for (const c of people) expect(quadratic(covariance, c)).toBeLessThan(byEffects(own, c) * (1 - 1e-3))
    const proportional = own.map((_, trial) => own[0].map((value) => (1 + trial) * value))
    const alike = multivariateMetaAnalysis({
      estimates: estimates.map(({ estimate }) => estimate),
      covariances: proportional,
      options: { estimator: 'fixed' },
    })
    for (const c of people) expect(quadratic(alike.covariance, c) / byEffects(proportional, c)).toBeCloseTo(1, 10)
  })
})

describe('other units', () => {
  /** The outcome times k, and a covariate divided by d. */
  const inUnits = (k: number, d: number): TrialDesign[] =>
    trials.map((trial) => ({
      ...trial,
      outcome: trial.outcome.map((value) => k * value),
      covariates: trial.covariates.map((value, at) => (at % 2 === 0 ? value / d : value)),
    }))
  it.each(['fixed', 'moments', 'reml', 'ml'] as const)(
    'of a covariate leave the effects of people as they are with %s, those of the outcome multiply them',
    (estimator) => {
      const options = { estimator, structure: 'random-effect' } as const
      const [as, other] = [pooled(trials, options), pooled(inUnits(7, 12), options)]
      for (const [one, age, bmi] of people) {
        const before = [one, age, bmi]
        const after = [one, age / 12, bmi]
        // likelihoods are flat at their maximum: what maximises them is known to the square root of rounding
        expect(dot(other.coefficients, after) / (7 * dot(as.coefficients, before))).toBeCloseTo(1, 6)
        expect(quadratic(other.covariance, after) / (49 * quadratic(as.covariance, before))).toBeCloseTo(1, 5)
      }
    },
  )
})

describe('identical trials', () => {
  const [one] = trials.map(trialEstimateByLeastSquares)
  const copies = [1, 2, 3, 4].map((study) => ({ ...one, study: `copy ${study}` }))
  it.each(['fixed', 'moments', 'reml', 'ml'] as const)(
    'pooled by %s give the estimate of each, without heterogeneity',
    (estimator) => {
      const { coefficients, betweenTrialCovariance } = multivariateMetaAnalysis({
        estimates: copies.map(({ estimate }) => estimate),
        covariances: copies.map(({ covariance }) => covariance),
        options: { estimator, structure: 'diagonal' },
      })
      one.estimate.forEach((value, at) => {
        expect(Math.abs(coefficients[at] - value)).toBeLessThan(ROUNDING)
      })
      for (const value of betweenTrialCovariance) expect(Math.abs(value)).toBeLessThan(1e-6)
    },
  )
  it('give it by the hierarchical model and by pooling effects too, with equal weights that add up to 1', async () => {
    const { model, data } = hierarchical.condition(copies, hierarchical.parseOptions({ heterogeneity: 'random-effect' }))
    const { draws } = await fit(model, data, { seed: 1, chains: 2, warmup: 300, draws: 1000, targetAcceptance: 0.95, workers: 0 })
    const mu = variable(draws, 'mu').values
    const effects = Float64Array.from({ length: 500 }, () => drawNormal(source, one.estimate[0], Math.sqrt(one.covariance[0])))
    const ownMean = effects.reduce((sum, value) => sum + value / 500, 0)
    const same = copies.map(({ study }) => ({ study, patientCount: 30, draws: effects, modifiers: new Float64Array(0) }))
    const request = { people: ['a'], chainCount: 1, drawCount: 4000, streamFor: () => stream(1, 'identical') }
    const raw = { weights: 'posterior-variance', heterogeneity: 'posterior' }
    const [average, mixed] = [
      weightedAverage.pool(same, weightedAverage.parseOptions(raw), request, {}),
      mixture.pool(same, mixture.parseOptions(raw), request, {}),
    ]
    const mean = (values: Float64Array, size = 1) =>
      values.reduce((sum, value, at) => sum + (at % size === 0 ? value : 0), 0) / (values.length / size)
    // of the posterior of mu; tau between identical trials is below a few standard errors of one of them, 0.2, and draws are worth 400 at least
    const FIVE_ERRORS = 5 * Math.sqrt((one.covariance[0] + 0.2 ** 2) / 400)
    expect(Math.abs(mean(mu, 3) - one.estimate[0])).toBeLessThan(FIVE_ERRORS)
    for (const { draws: own, weights } of [average, mixed]) {
      expect(Math.abs(mean(variable(own, 'mu').values) - ownMean)).toBeLessThan(FIVE_ERRORS)
      for (const weight of weights) expect(weight).toBeCloseTo(0.25, 10)
    }
    for (const share of trialWeights(copies, new Float64Array(9), Float64Array.of(1, 1, 1))!) expect(share).toBeCloseTo(0.25, 10)
  })
})
