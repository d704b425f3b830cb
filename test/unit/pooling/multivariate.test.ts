import { describe, expect, it } from 'vitest'
import { poolingMethod } from '../../../models/pooling/multivariate.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import type { Draws } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { ProtocolError } from '../../../src/errors/protocol-error.js'
import { metaAnalysisContrast } from '../../../src/numeric/multivariate-meta-analysis/contrast.js'
import { multivariateMetaAnalysis } from '../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import { stream } from '../../../src/random/stream.js'
import { renderReport } from '../../../src/report/render-report.js'
import { twoStage } from '../../../src/two-stage.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'
import { covariances, estimates, incomplete } from '../numeric/multivariate-meta-analysis/periodontal.js'

const names = ['treatment', 'treatment:age']
const trialsOf = (rows: readonly (readonly number[])[]): TrialEstimate[] =>
  rows.map((estimate, trial) => ({
    study: `trial ${trial + 1}`,
    patientCount: 100,
    coefficientNames: names,
    estimate: Float64Array.from(estimate),
    covariance: Float64Array.from(covariances[trial]),
  }))
const trials = trialsOf(estimates)
const DRAWS = 20_000
const pool = (raw: Record<string, unknown>, of = trials, drawCount = DRAWS) =>
  poolingMethod.pool(of, poolingMethod.parseOptions(raw), {
    chainCount: 1,
    drawCount,
    streamFor: (chain) => stream(1, 'pooling', chain),
  })

/** Share of the draws of c' theta at or below a value. */
function shareBelow(draws: Draws, name: string, contrast: readonly number[], value: number, offset = 0): number {
  const { values } = variable(draws, name)
  const width = values.length / DRAWS
  let count = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    const effect = contrast.reduce((sum, weight, i) => sum + weight * values[draw * width + offset + i], 0)
    if (effect <= value) count++
  }
  return count / DRAWS
}

/** Four binomial standard errors; over the 24 comparisons of a run a false alarm has a chance of 0.15%. */
const TOLERANCE = 4 * Math.sqrt((0.025 * 0.975) / DRAWS)

describe('the multivariate pooling method', () => {
  it.each([
    { structure: 'unstructured', interval: 't' },
    { structure: 'diagonal', interval: 'hartung-knapp' },
    { structure: 'random-effect', interval: 'normal' },
  ] as const)('its draws have the quantiles of its intervals: $structure, $interval', (options) => {
    const { draws } = pool(options)
    const analysis = multivariateMetaAnalysis({ estimates, covariances, options })
    const contrast = [1, -0.7]
    const { average, newSetting, trials: own } = metaAnalysisContrast(analysis, contrast)
    for (const [name, interval, offset] of [
      ['mu', average, 0],
      ['theta_new', newSetting, 0],
      ['theta', own[0], 0],
      ['theta', own[3], 6],
    ] as const) {
      expect(Math.abs(shareBelow(draws, name, contrast, interval.lower, offset) - 0.025)).toBeLessThan(TOLERANCE)
      expect(Math.abs(shareBelow(draws, name, contrast, interval.upper, offset) - 0.975)).toBeLessThan(TOLERANCE)
    }
    // negative control: the interval of the average is not that of a new setting
    expect(shareBelow(draws, 'theta_new', contrast, average.lower)).toBeGreaterThan(0.025 + TOLERANCE)
  })

  it('with equal sampling variances tau is drawn from its exact confidence distribution', () => {
    const rows = [[0.1], [0.9], [-0.4], [0.5], [1.2]]
    const same = rows.map((row, trial) => ({
      ...trials[trial],
      coefficientNames: ['treatment'],
      estimate: Float64Array.from(row),
      covariance: Float64Array.of(0.1),
    }))
    const { draws } = pool({}, same)
    const mean = rows.reduce((sum, [y]) => sum + y / 5, 0)
    const squares = rows.reduce((sum, [y]) => sum + (y - mean) ** 2, 0)
    // squares / (tau^2 + v) is chi-square on 4; R 4.2.2: qchisq(0.025, 4), so that tau is above the bound in 2.5%
    const bound = Math.sqrt(squares / 0.484418557087589 - 0.1)
    expect(Math.abs(1 - shareBelow(draws, 'tau', [1], bound) - 0.025)).toBeLessThan(TOLERANCE)
  })

  it('takes everything as common when fixed, and says when that is contradicted', () => {
    const { draws, warnings } = pool({ estimator: 'fixed' }, trials, 50)
    expect(variable(draws, 'theta_new').values).toEqual(variable(draws, 'mu').values)
    expect(variable(draws, 'tau').values.every((tau) => tau === 0)).toBe(true)
    expect(warnings).toMatchObject([{ severity: 'important', message: expect.stringMatching(/ignores it.*too narrow/) }])
  })

  it('lets only the treatment effect vary by default', () => {
    const { draws, findings } = pool({}, trials, 50)
    expect(variable(draws, 'tau').values.every((tau, at) => (at % 2 === 0 ? tau >= 0 : tau === 0))).toBe(true)
    expect(draws.variables.map(({ name }) => name)).toEqual(['mu', 'tau', 'theta', 'theta_new'])
    expect(findings).toMatch(/Cochran's Q is 128 on 8 degrees of freedom \(p < 0.001\)/)
  })

  it('uses or drops coefficients that trials lack, in whatever order they come', () => {
    const lacking = trials.map((trial, index) =>
      index === 1
        ? {
            ...trial,
            coefficientNames: ['treatment'],
            estimate: trial.estimate.slice(0, 1),
            covariance: trial.covariance.slice(0, 1),
          }
        : trial,
    )
    expect(() => pool({ missing: 'refuse' }, lacking, 50)).toThrow(/trial "trial 2" lacks "treatment:age"/)
    const used = pool({ missing: 'use' }, lacking, 50)
    expect(used.warnings.map(({ message }) => message).join()).toMatch(/each contributes what it has/)
    expect(variable(used.draws, 'theta').values.every(Number.isFinite)).toBe(true)
    const dropped = pool({ missing: 'drop' }, lacking, 50)
    expect(dropped.warnings.map(({ message }) => message).join()).toMatch(/"treatment:age" is missing in some trial/)
    expect(variable(dropped.draws, 'mu').values.every((value, at) => (at % 2 === 1 ? value === 0 : value !== 0))).toBe(true)
    expect(() => pool({ missing: 'refuse' }, trialsOf(incomplete), 50)).toThrow(/lacks/)
  })

  it('refuses options that do not go together', () => {
    const parse = (raw: Record<string, unknown>) => () => poolingMethod.parseOptions({ method: 'multivariate', ...raw })
    expect(parse({ estimator: 'paule-mandel', structure: 'diagonal' })).toThrow(ProtocolError)
    expect(parse({ estimator: 'remel' })).toThrow(/secondStage.estimator/)
  })

  it('goes from the protocol to a report that speaks of confidence, not credibility', async () => {
    const analysis = await twoStage({
      protocol: parseProtocol(
        protocolText({
          firstStage: '{ model: linear, prior: flat }',
          secondStage: '{ method: multivariate, estimator: reml }',
          inference: '{ seed: 1, chains: 2, warmup: 200, draws: 500 }',
        }),
        'protocol.yaml',
      ),
      table: readTable(csvText(smallTrials(6)), 'trials.csv'),
      workers: 0,
    })
    const { pooled, methods, profileEffects } = analysis
    expect(pooled).toMatchObject({ modelName: 'multivariate', isConfidence: true, gradientCount: 0 })
    expect(pooled.diagnosis.status).toBe('passed')
    expect(methods.secondStage).toMatch(/restricted maximum likelihood.*confidence intervals.*Student's t.*Cochran's Q/s)
    const [average, newSetting] = profileEffects[0].effects
    expect(newSetting.upper - newSetting.lower).toBeGreaterThanOrEqual(average.upper - average.lower)
    const report = renderReport(analysis)
    expect(report).toContain('95% confidence interval')
    expect(report).not.toMatch(/credible interval(?!s, but|, not)/)
  })
})
