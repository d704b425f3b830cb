import { describe, expect, it } from 'vitest'
import type { DesignColumn, TrialDesign } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { trialEstimateByLeastSquares, trialRegressionDesign } from '../../../src/numeric/trial-regression.js'
import { largestDifference, ROUNDING, scatter } from './matrices.js'

const column = (name: string, isPrognostic = true, isModifier = true): DesignColumn => ({
  name,
  covariate: name,
  centre: 0,
  scale: 1,
  isPrognostic,
  isModifier,
})

function trial(patientCount: number, columns: DesignColumn[], outcome: (t: number, x: number[]) => number): TrialDesign {
  const covariates = scatter(patientCount * columns.length)
  const treatment = Float64Array.from({ length: patientCount }, (_, patient) => patient % 2)
  return {
    study: 'A',
    columns,
    covariates,
    treatment,
    outcome: treatment.map((t, i) => outcome(t, [...covariates.subarray(i * columns.length, (i + 1) * columns.length)])),
    patientIds: Array.from({ length: patientCount }, (_, patient) => `${patient}`),
  }
}

describe('trialRegressionDesign', () => {
  it('has intercept, prognostic covariates, treatment, treatment x modifiers, in that order and by role', () => {
    const columns = [column('age'), column('sex', true, false), column('dose', false, true)]
    const design = trialRegressionDesign(trial(2, columns, () => 0))
    const [a, b, c] = scatter(6).subarray(3)
    expect(design.coefficientNames).toEqual(['alpha', 'beta[age]', 'beta[sex]', 'delta', 'gamma[age]', 'gamma[dose]'])
    expect(design.treatmentIndex).toBe(3)
    expect([...design.values.subarray(6)]).toEqual([1, a, b, 1, a, c])
    expect([...design.values.subarray(3, 6)]).toEqual([0, 0, 0])
  })
})

describe('trialEstimateByLeastSquares', () => {
  it('recovers delta and gamma of noiseless data exactly, with zero covariance', () => {
    const columns = [column('age'), column('sex')]
    const estimate = trialEstimateByLeastSquares(
      trial(30, columns, (t, [x1, x2]) => 1 + 2 * x1 - x2 + t * (0.5 + 3 * x1 - 4 * x2)),
    )
    expect(estimate.coefficientNames).toEqual(['treatment', 'treatment:age', 'treatment:sex'])
    expect(largestDifference(estimate.estimate, [0.5, 3, -4])).toBeLessThan(ROUNDING)
    expect(largestDifference(estimate.estimate, [0.5, 3, -4.001])).toBeGreaterThan(ROUNDING)
    expect(largestDifference(estimate.covariance, new Float64Array(9))).toBeLessThan(ROUNDING)
    expect(estimate.patientCount).toBe(30)
  })

  it('has the variance s^2 (1/n0 + 1/n1) of a difference of means when no covariate modifies the effect or predicts the outcome', () => {
    const estimate = trialEstimateByLeastSquares(trial(4, [column('age', false, false)], (_, [x]) => x))
    const [a, b, c, d] = scatter(4)
    const pooledVariance = ((a - c) ** 2 / 2 + (b - d) ** 2 / 2) / 2
    expect(estimate.estimate[0]).toBeCloseTo((b + d - a - c) / 2, 13)
    expect(estimate.covariance[0]).toBeCloseTo(pooledVariance, 13)
  })

  it('names the trial and the reason when the design is singular', () => {
    expect(() => trialEstimateByLeastSquares(trial(30, [column('age'), { ...column('age2') }], () => 1))).not.toThrow()
    const tooSmall = trial(5, [column('age'), column('sex')], () => 1)
    expect(() => trialEstimateByLeastSquares(tooSmall)).toThrow(DataError)
    expect(() => trialEstimateByLeastSquares(tooSmall)).toThrow(/trial "A".*6 coefficients.*5 patients/)
  })
})
