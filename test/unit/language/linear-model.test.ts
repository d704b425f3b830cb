import { describe, expect, it } from 'vitest'
import { firstStageModel as linear } from '../../../models/first-stage/linear.js'
import { linearData } from '../../../models/first-stage/shared/linear-data.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { type ProgramCache, programCache } from '../../../src/engine/program-cache.js'
import { fit } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { exactNormalRegression } from '../../../src/numeric/exact-normal-regression.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { meanWithError } from '../../statistical/monte-carlo-error.js'
import { smallTrial } from '../models/small-trial.js'

const PATIENTS = 14
const source = stream(11, 'linear trial')
const age = Float64Array.from({ length: PATIENTS }, () => drawNormal(source, 0, 1))
const trial: TrialDesign = {
  study: 'A',
  columns: [{ name: 'age', covariate: 'age', centre: 0, scale: 1, isPrognostic: true, isModifier: true }],
  treatment: Float64Array.from({ length: PATIENTS }, (_, patient) => patient % 2),
  covariates: age,
  outcome: age.map((x, patient) => 0.3 + 0.5 * x + (patient % 2) * (0.4 - 0.2 * x) + drawNormal(source, 0, 1)),
  patientIds: Array.from(age, (_, patient) => `${patient}`),
}
const { design, outcome } = linearData(trial)
const SIZE = 4
type PriorName = 'flat' | 'normal'
const PRIOR_SCALES: Record<PriorName, readonly number[]> = {
  flat: [Infinity, Infinity, Infinity, Infinity],
  normal: [0.5, 0.5, 0.5, 0.2],
}
const SCALES = { intercept: 0.5, prognostic: 0.5, treatment: 0.5 }
const INTERACTION_SCALE = 0.2

/**
 * Exact posterior mean and variance of the coefficients: conditional on sigma they are normal in closed form, and sigma is integrated out on a
 * grid of its logarithm, where the trapezoidal rule of a smooth density that vanishes at both ends is exact to rounding.
 */
function exactMoments(prior: PriorName): { mean: number[]; variance: number[] } {
  const leastSquares = ordinaryLeastSquares(design.values, outcome)
  const residualSum = leastSquares.residualVariance * leastSquares.degreesOfFreedom
  const grid = Array.from({ length: 400 }, (_, index) => {
    const sigma = Math.exp(-3 + index / 80)
    const posterior = exactNormalRegression({
      design: design.values,
      outcome,
      priorScale: Float64Array.from(PRIOR_SCALES[prior]),
      sigma,
    })
    const flatEvidence = -(PATIENTS - SIZE) * Math.log(sigma) - residualSum / (2 * sigma ** 2)
    const logHalfStudent = -2 * Math.log1p(sigma ** 2 / 3)
    return {
      ...posterior,
      logWeight: (prior === 'flat' ? flatEvidence : posterior.logMarginal) + logHalfStudent + Math.log(sigma),
    }
  })
  const largest = Math.max(...grid.map(({ logWeight }) => logWeight))
  const total = grid.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - largest), 0)
  const average = (value: (point: (typeof grid)[number]) => number) =>
    grid.reduce((sum, point) => sum + value(point) * Math.exp(point.logWeight - largest), 0) / total
  const coefficients = Array.from({ length: SIZE }, (_, k) => k)
  const mean = coefficients.map((k) => average((point) => point.mean[k]))
  const variance = coefficients.map((k) => average((point) => point.covariance[k * SIZE + k] + (point.mean[k] - mean[k]) ** 2))
  return { mean, variance }
}

/** `[chain][draw]` of each coefficient in the order of the design. */
function coefficientChains(draws: Draws): Float64Array[][] {
  return ['alpha', 'beta', 'delta', 'gamma'].map((name) => {
    const { values } = variable(draws, name)
    return Array.from({ length: draws.chainCount }, (_, chain) =>
      values.slice(chain * draws.drawCount, (chain + 1) * draws.drawCount),
    )
  })
}

/** Distance of a mean over draws from the truth in Monte Carlo standard errors. */
function distance(chains: readonly Float64Array[], truth: number): number {
  const { mean, standardError } = meanWithError(chains)
  return Math.abs(mean - truth) / standardError
}
/** 16 comparisons at a family-wise error of 1e-5. */
const FIVE_STANDARD_ERRORS = 5

async function sample(prior: PriorName) {
  const options = linear.parseOptions(
    prior === 'flat' ? {} : { prior: { name: 'normal', scale: INTERACTION_SCALE }, scales: SCALES },
  )
  const { model, data } = linear.condition(trial, options)
  const { draws } = await fit(model, data, { seed: 5, chains: 4, warmup: 500, draws: 1000, strict: true })
  return coefficientChains(draws)
}

describe.each(['flat', 'normal'] as const)('the linear model with %s priors on the coefficients', (prior) => {
  it('has the exact posterior means and variances', async () => {
    const chains = await sample(prior)
    const { mean, variance } = exactMoments(prior)
    chains.forEach((coefficient, k) => {
      expect(distance(coefficient, mean[k]), `mean ${k}`).toBeLessThan(FIVE_STANDARD_ERRORS)
      const squares = coefficient.map((chain) => chain.map((value) => (value - mean[k]) ** 2))
      expect(distance(squares, variance[k]), `variance ${k}`).toBeLessThan(FIVE_STANDARD_ERRORS)
    })
  })
})

describe('with flat priors', () => {
  const leastSquares = ordinaryLeastSquares(design.values, outcome)
  it('the exact posterior mean is the least-squares estimate, and its covariance that of least squares times E[sigma^2 | y] / s^2', () => {
    const { mean, variance } = exactMoments('flat')
    const ratios = variance.map((value, k) => value / leastSquares.covariance[k * SIZE + k])
    mean.forEach((value, k) => {
      expect(value).toBeCloseTo(leastSquares.coefficients[k], 10)
      expect(ratios[k]).toBeCloseTo(ratios[0], 10)
    })
    // Between the ratio without prior knowledge of sigma, (n - p - 1) / (n - p - 3) for a flat prior of sigma, and 1.
    expect(ratios[0]).toBeGreaterThan(1)
    expect(ratios[0]).toBeLessThan(10 / 7)
  })
  it('negative control: half a standard error off in the mean, or a variance without the uncertainty of sigma, is noticed', async () => {
    const chains = await sample('flat')
    const { mean, variance } = exactMoments('flat')
    chains.forEach((coefficient, k) => {
      expect(distance(coefficient, mean[k] + Math.sqrt(variance[k]) / 2)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
      const squares = coefficient.map((chain) => chain.map((value) => (value - mean[k]) ** 2))
      expect(distance(squares, variance[k] * 0.7)).toBeGreaterThan(FIVE_STANDARD_ERRORS)
    })
  })
})

it('one program serves trials of all sizes, and says of each what a program of its own says', () => {
  const options = linear.parseOptions({ model: 'linear', prior: 'laplace' })
  const cache = programCache()
  const position = (size: number) => Float64Array.from({ length: size }, (_, at) => Math.sin(at) / 2)
  const valueAt = (patientCount: number, using: { cache?: ProgramCache }) => {
    const { model, data } = linear.condition(smallTrial(patientCount, { seed: patientCount }), options)
    const { logDensity } = condition(model, data, using)
    return logDensity.valueAndGradient(position(logDensity.dimension), new Float64Array(logDensity.dimension))
  }
  for (const patientCount of [40, 25, 31]) expect(valueAt(patientCount, { cache })).toBeCloseTo(valueAt(patientCount, {}), 9)
  // log density and quantities, compiled for the first trial only
  expect([cache.compiledCount, cache.reusedCount]).toEqual([2, 4])
})
