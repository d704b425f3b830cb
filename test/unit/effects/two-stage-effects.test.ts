import { describe, expect, it } from 'vitest'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { variable } from '../../../src/draws/variable.js'
import { heterogeneitySummary } from '../../../src/effects/heterogeneity-summary.js'
import { settingContrast } from '../../../src/effects/setting-contrast.js'
import { ProtocolError } from '../../../src/errors/protocol-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { renderReport } from '../../../src/report/render-report.js'
import { twoStage } from '../../../src/two-stage.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'

const table = readTable(csvText(smallTrials()), 'trials.csv')
const protocolOf = (parts: Record<string, string>) =>
  parseProtocol(protocolText({ profiles: '[{ name: old, covariates: { age: 65 } }]', ...parts }), 'protocol.yaml')
const analyse = (parts: Record<string, string>) => twoStage({ protocol: protocolOf(parts), table, workers: 0 })

describe('a second stage that pools effects', () => {
  it('takes a first stage without coefficients through to the report', async () => {
    const analysis = await analyse({
      firstStage: '{ model: gaussian-process }',
      secondStage: '{ method: weighted-average }',
    })
    const { pooled, profileEffects, patientEffects, trialFits } = analysis
    expect(variable(pooled.draws, 'mu').dimensions).toEqual([{ name: 'person', labels: ['reference patient', 'old'] }])
    expect(trialFits.map(({ estimate }) => estimate.coefficientNames)).toEqual(
      trialFits.map(() => ['effect:reference patient', 'effect:old']),
    )
    expect(patientEffects).toHaveLength(120)
    for (const { effects } of [...profileEffects, ...patientEffects])
      for (const { lower, mean, upper } of effects) expect(lower < mean && mean < upper).toBe(true)
    const [average, newSetting] = profileEffects[0].effects
    expect(newSetting.upper - newSetting.lower).toBeGreaterThan(average.upper - average.lower)
    expect(patientEffects[0].effects[2]).toMatchObject({ target: 'existing-trial', study: 'trial-1' })
    const summary = heterogeneitySummary(pooled.draws, { columns: analysis.columns, outcomeScale: 3 })
    expect(summary.map(({ coefficient }) => coefficient)).toEqual(['reference patient', 'old'])
    expect(renderReport(analysis)).toContain('The effect across trials')
  })

  it('pools a linear first stage too, near what pooling its coefficients gives', async () => {
    const [byEffects, byCoefficients] = [
      await analyse({ secondStage: '{ method: weighted-average }' }),
      await analyse({ secondStage: '{ method: hierarchical }' }),
    ].map(({ profileEffects }) => profileEffects[0].effects[0])
    // the two weigh interactions differently, not the effect at the centre
    expect(Math.abs(byEffects.mean - byCoefficients.mean)).toBeLessThan(byCoefficients.sd)
  })

  it('refuses a second stage that needs coefficients after a first stage without, before anything runs', async () => {
    const parts = { firstStage: '{ model: gaussian-process }', secondStage: '{ method: hierarchical }' }
    await expect(analyse(parts)).rejects.toThrow(ProtocolError)
    await expect(analyse(parts)).rejects.toThrow(/"hierarchical" cannot pool .*"gaussian-process".*weighted-average/s)
  })

  it('knows the effects of the people that were pooled only', () => {
    const person = { name: 'person', labels: ['old', 'young'] }
    const pooled = {
      chainCount: 1,
      drawCount: 1,
      variables: [{ name: 'mu', dimensions: [person], values: Float64Array.of(1, 2) }],
    }
    expect([...settingContrast(pooled, { id: 'young', covariates: {} }, [], [])]).toEqual([0, 1])
    expect(() => settingContrast(pooled, { id: 'new', covariates: {} }, [], [])).toThrow(UsageError)
  })
})
