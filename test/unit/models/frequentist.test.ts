import { describe, expect, it } from 'vitest'
import { firstStageModel as lasso } from '../../../models/first-stage/lasso.js'
import { firstStageModel as leastSquares } from '../../../models/first-stage/ordinary-least-squares.js'
import { firstStageModel as ridge } from '../../../models/first-stage/ridge.js'
import type { AnyPoolingMethod } from '../../../src/contract/pooling-method.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { DataError } from '../../../src/errors/data-error.js'
import { condition } from '../../../src/language/condition.js'
import { stream } from '../../../src/random/stream.js'
import { requireMatchingStages } from '../../../src/stages/check-stages.js'
import { smallTrial } from './small-trial.js'

const x1 = [-1.2, 0.4, 0.9, -0.3, 1.5, -0.8, 0.1, 2.0, -1.7, 0.6, -0.5, 1.1]
const x2 = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0]
const column = (name: string) => ({ name, covariate: name, centre: 0, scale: 1, isPrognostic: true, isModifier: true })
const trial: TrialDesign = {
  study: 'A',
  columns: [column('x1'), column('x2')],
  outcome: Float64Array.of(0.3, 1.9, 0.5, 0.8, 1.1, -0.6, 0.2, 3.1, -1.0, 1.4, 0.1, 2.2),
  treatment: Float64Array.from(x1, (_, patient) => patient % 2),
  covariates: Float64Array.from(x1.flatMap((x, patient) => [x, x2[patient]])),
  patientIds: x1.map((_, patient) => `${patient}`),
}
const request = (chainCount: number, drawCount: number) => ({
  chainCount,
  drawCount,
  streamFor: (chain: number) => stream(1, 'exact', chain),
})
const moments = (values: Float64Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length }
}
/** Standard errors beyond which none of some 20 comparisons lies by chance but with probability 1e-4. */
const Z = 4.5

describe('ordinary-least-squares', () => {
  const draws = leastSquares.exact!(trial, {}, request(4, 5000))!
  it('has the estimates and the covariance of lm', () => {
    const { estimate, covariance, coefficientNames } = leastSquares.estimate!(draws, trial)
    expect(coefficientNames).toEqual(['treatment', 'treatment:x1', 'treatment:x2'])
    /** R 4.2.2: coef and vcov of lm(y ~ x1 + x2 + t + t:x1 + t:x2), the last three. */
    ;[0.2474491032, 0.5957787811, 0.7659568001].forEach((value, k) => {
      expect(estimate[k]).toBeCloseTo(value, 9)
    })
    ;[
      0.13762589902063, 0.00605983420365, -0.1294199684862, 0.00605983420365, 0.07379780733983, -0.0664758728681,
      -0.12941996848619, -0.06647587286813, 0.3214198640756,
    ].forEach((value, k) => {
      expect(covariance[k]).toBeCloseTo(value, 11)
    })
  })
  it('draws from the t distribution with n - p degrees of freedom behind its confidence intervals', () => {
    const { values } = variable(draws, 'delta')
    const sorted = values.map((value) => (value - 0.2474491032) / Math.sqrt(0.13762589902063)).toSorted()
    /** 97.5% quantile of t with 6 degrees of freedom: 2.446912, density there 0.0219. */
    const standardError = Math.sqrt((0.025 * 0.975) / values.length) / 0.0219
    expect(Math.abs(sorted[Math.round(0.975 * values.length)] - 2.446912) / standardError).toBeLessThan(Z)
    expect(Math.abs(sorted[Math.round(0.975 * values.length)] - 1.96) / standardError).toBeGreaterThan(Z)
  })
  it('refuses a trial that leaves no degree of freedom, and says what would help', () => {
    const few = {
      ...trial,
      outcome: trial.outcome.subarray(0, 6),
      treatment: trial.treatment.subarray(0, 6),
      covariates: trial.covariates.subarray(0, 12),
    }
    expect(() => leastSquares.exact!(few, {}, request(1, 10))).toThrow(DataError)
    expect(() => leastSquares.exact!(few, {}, request(1, 10))).toThrow(/6 patients determine .*proper prior/s)
  })
})

describe('ridge', () => {
  /** See penalised-regression.test.ts: glmnet's ridge at this penalty. */
  const options = ridge.parseOptions({ penalty: 0.1 / 1.128667 })
  const draws = ridge.exact!(trial, options, request(4, 5000))!
  it('draws about the estimates of glmnet', () => {
    const expected = { alpha: 0.38773315, delta: 0.48887283 }
    for (const [name, value] of Object.entries(expected)) {
      const { mean, variance } = moments(variable(draws, name).values)
      expect(Math.abs(mean - value) / Math.sqrt(variance / 20_000)).toBeLessThan(Z)
    }
    const { estimate } = ridge.estimate!(draws, trial)
    const gamma = variable(draws, 'gamma').values
    ;[0.50105129, 0.32550742].forEach((value, k) => {
      const { variance } = moments(gamma.filter((_, at) => at % 2 === k))
      expect(Math.abs(estimate[1 + k] - value) / Math.sqrt(variance / 20_000)).toBeLessThan(Z)
    })
  })
  it('has the names of the model that it is the posterior mean of', () => {
    const { model, data } = ridge.condition(trial, options)
    const conditioned = condition(model, data)
    const sampled = conditioned.draws(new Float64Array(conditioned.logDensity.dimension), 1, () => stream(1, 'unused'))
    expect(draws.variables.map(({ name }) => name)).toEqual(sampled.variables.map(({ name }) => name))
  })
  it('finds its penalty by cross-validation, the same again, and shrinks what is not there', () => {
    const big = smallTrial(200, { effect: () => 0.5, noise: 1 })
    const cv = ridge.parseOptions({})
    const [one, two] = [0, 1].map(() => ridge.estimate!(ridge.exact!(big, cv, request(1, 500))!, big))
    expect(one).toEqual(two)
    const plain = leastSquares.estimate!(draws, big)
    const size = (estimate: Float64Array) => Math.hypot(...estimate.subarray(1))
    expect(size(one.estimate)).toBeLessThan(0.5 * size(plain.estimate))
  })
})

describe('lasso', () => {
  const big = smallTrial(150, { effect: (age) => 0.5 + 0.8 * age, noise: 0.7 })
  const options = lasso.parseOptions({})
  const draws = lasso.exact!(big, options, request(2, 200))!
  it('sets interactions exactly to 0 in some bootstrap samples and finds one that is there', () => {
    const gamma = variable(draws, 'gamma').values
    const [age, sex] = [0, 1].map((k) => gamma.filter((_, at) => at % 2 === k))
    expect(sex.some((value) => value === 0)).toBe(true)
    expect(age.every((value) => value > 0.3)).toBe(true)
    expect(Math.abs(moments(age).mean - 0.8)).toBeLessThan(0.4)
  })
  it('does not give coefficients to pool, and says why', () => {
    expect(lasso.estimate).toBeUndefined()
    const pooling = { takes: 'coefficients', name: 'hierarchical' } as AnyPoolingMethod
    expect(() => requireMatchingStages(lasso as never, pooling)).toThrow(/lasso estimates have no covariance.*weighted-average/s)
  })
})
