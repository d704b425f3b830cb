import { describe, expect, it } from 'vitest'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { effectScores, lossFromScores, type SiteScore, scoreFormat } from '../../../src/site/effect-scores.js'
import { siteTrial } from '../../../src/stages/site-trial.js'
import { protocolOf, rowsOf, tableOf } from './site-fixture.js'

const { trial } = siteTrial({ protocol: protocolOf(), table: tableOf(rowsOf('site-1')), study: 'site-1' })
const scoreOf = (effects: Float64Array): SiteScore => ({
  format: scoreFormat,
  protocolHash: '',
  study: 'site-1',
  pooledHash: '',
  ...effectScores(trial, effects),
})
const effects = trial.outcome.map((_, patient) => 0.3 + 0.2 * trial.covariates[2 * patient + 1])

/** Residual of each patient from a regression on all others, refitted for each. */
function leaveOneOut(): Float64Array {
  const row = (patient: number) => [1, trial.covariates[2 * patient], trial.covariates[2 * patient + 1]]
  return trial.outcome.map((value, left) => {
    const others = Array.from(trial.outcome, (_, patient) => patient).filter((patient) => patient !== left)
    const design = Float64Array.from(others.flatMap(row))
    const { coefficients } = ordinaryLeastSquares(
      design,
      Float64Array.from(others, (patient) => trial.outcome[patient]),
    )
    return value - row(left).reduce((sum, x, k) => sum + x * coefficients[k], 0)
  })
}

describe('scores of effects at a site', () => {
  it('give the R-loss of the effects and of a constant as computed from the patients, with the standard error of the difference', () => {
    const residuals = leaveOneOut()
    const share = trial.treatment.reduce((sum, arm) => sum + arm, 0) / trial.treatment.length
    const lossOf = (tau: (patient: number) => number) =>
      residuals.map((r, patient) => (r - (trial.treatment[patient] - share) * tau(patient)) ** 2)
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
    const [own, constant] = [lossOf((patient) => effects[patient]), lossOf(() => 0.4)]
    const gains = constant.map((value, patient) => value - own[patient])
    const spread = gains.reduce((sum, gain) => sum + (gain - mean(gains)) ** 2, 0) / (gains.length - 1)
    const found = lossFromScores(scoreOf(effects), 0.4)
    // Left-one-out residuals by formula and by refitting agree to the condition of a 3-column design, about 1e-14.
    expect(Math.abs(found.loss - mean(own))).toBeLessThan(1e-12)
    expect(Math.abs(found.constantLoss - mean(constant))).toBeLessThan(1e-12)
    expect(Math.abs(found.gainError - Math.sqrt(spread / gains.length))).toBeLessThan(1e-12)
  })
  it('show no gain over a constant by the constant itself', () => {
    const found = lossFromScores(scoreOf(trial.outcome.map(() => 0.4)), 0.4)
    expect(Math.abs(found.gain)).toBeLessThan(1e-14)
    expect(found.gainError).toBeLessThan(1e-7)
  })
  it('are six means and their covariances, whatever the number of patients', () => {
    const { mean, covariance, terms } = scoreOf(effects)
    expect([mean.length, covariance.length, terms.length]).toEqual([6, 36, 6])
  })
})
