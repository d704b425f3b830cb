import { describe, expect, it } from 'vitest'
import { DataError } from '../../../../src/errors/data-error.js'
import { UsageError } from '../../../../src/errors/usage-error.js'
import { metaAnalysisContrast } from '../../../../src/numeric/multivariate-meta-analysis/contrast.js'
import { multivariateMetaAnalysis } from '../../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { IntervalType } from '../../../../src/numeric/multivariate-meta-analysis/options.js'
import { studentTQuantile } from '../../../../src/numeric/student-t-quantile.js'
import { covariances, estimates, incomplete } from './periodontal.js'

/** BCG vaccine trials, log risk ratios (dat.bcg of metafor 3.8-1), latitude. */
const effects = [
  -0.889311333920205, -1.58538865720143, -1.34807314829969, -1.44155119002131, -0.217547322211296, -0.786115585818864,
  -1.62089822359839, 0.0119523335238405, -0.469417648738149, -1.37134480347278, -0.339358828338391, 0.445913400571379,
  -0.0173139482168798,
]
const variances = [
  0.325584765003961, 0.194581121398144, 0.415367965367965, 0.0200100319022476, 0.0512101721696309, 0.00690561845590876,
  0.223017247572315, 0.00396157929781773, 0.056434210463249, 0.0730247936130289, 0.0124122139715597, 0.532505845200153,
  0.0714046596839863,
]
const latitude = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
const bcg = { estimates: effects.map((y) => [y]), covariances: variances.map((v) => [v]) }

/** metafor 3.8-1: rma(yi, vi, data = bcg, method = "REML", test = ..., control = list(threshold = 1e-12)): se and interval of the mean. */
const averages: readonly [IntervalType, number, number, number][] = [
  ['normal', 0.179781516105, -1.06689763881, -0.362167045506],
  ['t', 0.179781516105, -1.10624261599, -0.322822068331],
  ['hartung-knapp', 0.180791744093, -1.10844371369, -0.320620970631],
]

describe('inference of a meta-analysis', () => {
  it.each(averages)('%s interval of the average: as metafor', (interval, standardError, lower, upper) => {
    const analysis = multivariateMetaAnalysis({ ...bcg, options: { interval } })
    const { average, newSetting } = metaAnalysisContrast(analysis, [1])
    expect(average.standardError).toBeCloseTo(standardError, 7)
    expect(average.lower).toBeCloseTo(lower, 7)
    expect(average.upper).toBeCloseTo(upper, 7)
    const spread = Math.sqrt(average.standardError ** 2 + analysis.betweenTrialCovariance[0])
    const quantile = interval === 'normal' ? 1.959963984540054 : 2.200985160082949 // qt(0.975, 11)
    expect(newSetting.upper - newSetting.estimate).toBeCloseTo(quantile * spread, 10)
  })

  it('the modified Hartung-Knapp form is never narrower, the plain one may be', () => {
    const similar = { estimates: [[0.1], [0.11], [0.1], [0.12]], covariances: [[0.04], [0.05], [0.03], [0.04]] }
    const of = (hasSafeguard: boolean) =>
      multivariateMetaAnalysis({ ...similar, options: { interval: 'hartung-knapp', hasSafeguard } }).varianceScale
    expect(of(true)).toBe(1)
    expect(of(false)).toBeLessThan(0.1)
  })

  it('predictions of the trials and their standard errors: as metafor', () => {
    // blup(rma(...)): trials 1 and 8
    const { trials } = metaAnalysisContrast(multivariateMetaAnalysis({ ...bcg, options: { interval: 'normal' } }), [1])
    expect(trials[0].estimate).toBeCloseTo(-0.80023356197, 7)
    expect(trials[0].standardError).toBeCloseTo(0.4099304475262, 7)
    expect(trials[7].estimate).toBeCloseTo(0.00287924789677, 7)
    expect(trials[7].standardError).toBeCloseTo(0.0625870944114, 7)
  })

  it('meta-regression on latitude: as metafor', () => {
    // rma(yi, vi, mods = ~ ablat, data = bcg, method = "REML"): beta, se, tau2, QE, QEp, I2, logLik
    const fit = multivariateMetaAnalysis({ ...bcg, moderators: [{ name: 'latitude', values: latitude }] })
    expect(fit.coefficients[0]).toBeCloseTo(0.251468210007, 7)
    expect(fit.coefficients[1]).toBeCloseTo(-0.0291017250116, 7)
    expect(Math.sqrt(fit.covariance[3])).toBeCloseTo(0.00719532722093, 7)
    expect(fit.betweenTrialCovariance[0]).toBeCloseTo(0.0763479639559, 7)
    const { q, byCoefficient } = fit.heterogeneity
    expect(q.statistic).toBeCloseTo(30.7330900107, 8)
    expect(q.pValue).toBeCloseTo(0.00121429098742, 10)
    expect(byCoefficient[0].iSquared).toBeCloseTo(0.683912248384, 7)
    expect(fit).toMatchObject({ degreesOfFreedom: 11, predictionDegreesOfFreedom: 10 })
    const at = metaAnalysisContrast(fit, [1], { latitude: 40 }).average
    expect(at.estimate).toBeCloseTo(fit.coefficients[0] + 40 * fit.coefficients[1], 12)
    expect(() => metaAnalysisContrast(fit, [1])).toThrow(UsageError)
  })

  it('a moderator may act on one coefficient only', () => {
    const moderators = [{ name: 'year', values: [3, 2, -1, 7, 8], coefficients: ['b'] }]
    const fit = multivariateMetaAnalysis({ estimates, covariances, coefficientNames: ['a', 'b'], moderators })
    expect(fit.terms).toEqual([
      { coefficient: 'a', moderator: 'intercept' },
      { coefficient: 'b', moderator: 'intercept' },
      { coefficient: 'b', moderator: 'year' },
    ])
  })

  it('predicts a coefficient that a trial lacks from the one that it has', () => {
    const {
      trials,
      coefficients,
      betweenTrialCovariance: t,
    } = multivariateMetaAnalysis({
      estimates: incomplete,
      covariances,
      options: { missing: 'use' },
    })
    const residual = incomplete[1][0] - coefficients[0]
    expect(trials[1].estimate[1]).toBeCloseTo(coefficients[1] + (t[1] / (t[0] + covariances[1][0])) * residual, 12)
  })

  it('with one coefficient I2 of R and by typical variance agree when sampling variances are equal', () => {
    const fit = multivariateMetaAnalysis({ estimates: [[0.1], [0.9], [-0.4], [0.5]], covariances: [[0.1], [0.1], [0.1], [0.1]] })
    const { iSquaredR, byCoefficient } = fit.heterogeneity
    expect(iSquaredR).toBeCloseTo(byCoefficient[0].iSquared, 12)
    // equal variances: REML's information makes tau^2 + v chi-square on J - 1
    expect(byCoefficient[0].tauDegreesOfFreedom).toBeCloseTo(3, 8)
  })

  it('shows the heterogeneity of a coefficient that the structure takes as common', () => {
    const fit = multivariateMetaAnalysis({ estimates, covariances, options: { structure: 'random-effect' } })
    const { q, tau, iSquared, tauDegreesOfFreedom } = fit.heterogeneity.byCoefficient[1]
    expect(tau).toBe(0)
    expect(tauDegreesOfFreedom).toBeNaN()
    expect(iSquared).toBeCloseTo(1 - q.degreesOfFreedom / q.statistic, 12)
  })

  it('gives no prediction interval from two trials', () => {
    const fit = multivariateMetaAnalysis({ estimates: [[0.1], [0.9]], covariances: [[0.1], [0.1]] })
    const { average, newSetting } = metaAnalysisContrast(fit, [1])
    expect(average.upper - average.estimate).toBeCloseTo(studentTQuantile(0.975, 1) * average.standardError, 10)
    expect(newSetting.upper).toBeNaN()
  })

  it('refuses, uses or drops missing coefficients', () => {
    const input = { estimates: incomplete, covariances, coefficientNames: ['a', 'b'], studies: ['p', 'q', 'r', 's', 't'] }
    expect(() => multivariateMetaAnalysis(input)).toThrow(/trial "q" lacks "b".*`use`/s)
    expect(() => multivariateMetaAnalysis({ ...input, options: { missing: 'drop' } })).toThrow(/no coefficient is left/)
    const oneGap = estimates.map((row, trial) => (trial === 1 ? [row[0], Number.NaN] : row))
    const fit = multivariateMetaAnalysis({ ...input, estimates: oneGap, options: { missing: 'drop' } })
    expect(fit).toMatchObject({ coefficientNames: ['a'], droppedCoefficients: ['b'] })
  })

  it.each([
    ['one trial', { estimates: [[1]], covariances: [[1]] }, /only one trial/],
    ['no trial', { estimates: [], covariances: [] }, /no trial/],
    [
      'a singular covariance',
      { estimates, covariances: [...covariances.slice(0, 4), [1, 1, 1, 1]] },
      /trial "5" is not positive definite/,
    ],
    [
      'coefficients of unequal number',
      { estimates: [...estimates.slice(0, 4), [1]], covariances },
      /trial "5" has 1 coefficients/,
    ],
    ['covariances of unequal number', { estimates, covariances: covariances.slice(1) }, /5 estimates but 4 covariances/],
    [
      'as many moderators as trials',
      { estimates: [[1], [2]], covariances: [[1], [1]], moderators: [{ name: 'm', values: [0, 1] }] },
      /estimated in 2 trials only/,
    ],
    [
      'a moderator that is not finite',
      { estimates, covariances, moderators: [{ name: 'm', values: [0, 1, Number.NaN, 2, 3] }] },
      /moderator "m" needs a finite value/,
    ],
  ])('refuses %s', (_, input, message) => {
    expect(() => multivariateMetaAnalysis(input)).toThrow(DataError)
    expect(() => multivariateMetaAnalysis(input)).toThrow(message)
  })

  it('refuses Paule and Mandel with several parameters', () => {
    expect(() => multivariateMetaAnalysis({ estimates, covariances, options: { estimator: 'paule-mandel' } })).toThrow(UsageError)
  })
})
