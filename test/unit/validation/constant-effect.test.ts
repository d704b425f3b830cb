import { describe, expect, it } from 'vitest'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { studentTQuantile } from '../../../src/numeric/student-t-quantile.js'
import { averageEffect, newSettingQuantiles } from '../../../src/validation/constant-effect.js'

const column = (isPrognostic: boolean) => ({
  name: 'x',
  covariate: 'x',
  centre: 0,
  scale: 1,
  isPrognostic,
  isModifier: true,
})

const trial = (covariates: readonly number[], isPrognostic: boolean): TrialDesign => ({
  study: 'A',
  columns: [column(isPrognostic)],
  outcome: Float64Array.of(1, 2, 3, 5, 6, 8),
  treatment: Float64Array.of(0, 0, 0, 1, 1, 1),
  covariates: Float64Array.from(covariates),
  patientIds: ['1', '2', '3', '4', '5', '6'],
})

describe('the constant effect', () => {
  it('is the difference of the arms with its pooled error when nothing is prognostic', () => {
    const { estimate, standardError } = averageEffect(trial([1, 2, 3, 4, 5, 6], false))
    expect(estimate).toBeCloseTo(19 / 3 - 2, 10)
    // Sums of squares 2 and 14 / 3 over 4 degrees of freedom, two means of 3.
    expect(standardError).toBeCloseTo(Math.sqrt(((2 + 14 / 3) / 4) * (2 / 3)), 10)
  })

  it('falls back on the difference of the arms when the regression has no answer', () => {
    expect(averageEffect(trial([0, 0, 0, 1, 1, 1], true)).estimate).toBeCloseTo(19 / 3 - 2, 10)
  })

  it('has in a new setting a t distribution with two degrees of freedom fewer than trials', () => {
    const pooled = { estimate: 2, standardError: 0.3, heterogeneity: 0.4, trialCount: 6 }
    const quantiles = newSettingQuantiles({ ...pooled, lower: 0, upper: 0, predictionLower: 0, predictionUpper: 0 }, 1001)
    expect(quantiles[500]).toBeCloseTo(2, 12)
    expect(quantiles[0]).toBeCloseTo(2 + 0.5 * studentTQuantile(0.5 / 1001, 4), 10)
  })
})
