import { describe, expect, it } from 'vitest'
import { linearEffectPrior } from '../../../models/first-stage/shared/linear-effect-prior.js'
import { parseLinearOptions } from '../../../models/first-stage/shared/linear-options.js'
import type { EffectPrior, TrialDesign, TrialEstimate } from '../../../src/contract/trial.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { DataError } from '../../../src/errors/data-error.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { renderReport } from '../../../src/report/render-report.js'
import { shrinkageCautions, siteDrawCautions, siteDrawChecks } from '../../../src/stages/second-stage-cautions.js'
import { twoStage } from '../../../src/two-stage.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'

const estimateWith = (prior: EffectPrior, variance = 0.01): TrialEstimate => ({
  study: 'ACT-1',
  patientCount: 50,
  coefficientNames: ['treatment', 'treatment:age'],
  estimate: Float64Array.of(0.3, 0.1),
  covariance: Float64Array.of(variance, 0, 0, variance),
  prior,
})
const normalPrior = (precision: number): EffectPrior => ({
  kind: 'normal',
  mean: new Float64Array(2),
  precision: Float64Array.of(0.01, 0, 0, precision),
})

describe('warnings of first-stage priors that shrink', () => {
  it('none for a flat prior, one not stated, or a normal one that supplies little of the precision', () => {
    const { prior: _, ...silent } = estimateWith({ kind: 'flat' })
    for (const trial of [estimateWith({ kind: 'flat' }), silent, estimateWith(normalPrior(1))])
      expect(shrinkageCautions([trial, trial])).toEqual([])
  })
  it('a note with the share of the precision for a normal prior that supplies more than a twentieth, and the remedy', () => {
    const [warning] = shrinkageCautions([estimateWith({ kind: 'flat' }), estimateWith(normalPrior(1), 0.2)])
    expect(warning.severity).toBe('note')
    expect(warning.message).toMatch(/20% of the precision of "treatment:age" in trial "ACT-1".*divide-out/s)
  })
  it('an important one for a prior that is not normal', () => {
    const trial = estimateWith({ kind: 'shrinking', description: 'Laplace priors' })
    const [warning] = shrinkageCautions([trial, trial, trial])
    expect(warning.severity).toBe('important')
    expect(warning.message).toMatch(/each of the 3 trials \(Laplace priors\).*once per trial.*prior: laplace/s)
  })
})

describe('the prior that the linear first stage says it has', () => {
  const trial = { columns: [{ name: 'age', isModifier: true, isPrognostic: true }] } as unknown as TrialDesign
  const of = (raw: object) => linearEffectPrior(trial, parseLinearOptions(raw))
  it('flat, normal with the precision of each coefficient, or shrinking', () => {
    expect(of({})).toEqual({ kind: 'flat' })
    expect(of({ prior: { name: 'normal', scale: 0.5 }, scales: { treatment: 2 } })).toEqual({
      kind: 'normal',
      mean: Float64Array.of(0, 0),
      precision: Float64Array.of(0.25, 0, 0, 4),
    })
    expect(of({ prior: { name: 'normal', isLearned: true } })).toMatchObject({ kind: 'shrinking' })
    for (const prior of ['laplace', 'regularised-horseshoe', 'spike-and-slab', 'elastic-net', 'r2d2'])
      expect(of({ prior })).toMatchObject({ kind: 'shrinking' })
  })
})

describe('how well the draws of a trial cover what is pooled', () => {
  const source = stream(3, 'ratios')
  const even = Float64Array.from({ length: 1000 }, () => drawNormal(source, 0, 0.3))
  const heavy = Float64Array.from({ length: 1000 }, () => 6 * Math.abs(drawNormal(source, 0, 1)) ** 1.5)
  it('is judged by k-hat, trial by trial; only those that fail are warned of', () => {
    const checks = siteDrawChecks(['calm', 'wild'], [even, heavy])
    expect(checks[0].paretoK).toBeLessThan(0.5)
    expect(checks[1].paretoK).toBeGreaterThan(0.7)
    expect(checks[0].effectiveDrawCount).toBeGreaterThan(10 * checks[1].effectiveDrawCount)
    const [warning, ...others] = siteDrawCautions(checks)
    expect(others).toEqual([])
    expect(warning.message).toMatch(/"wild" \(k-hat/)
    expect(warning.message).not.toContain('calm')
    expect(siteDrawCautions(checks.slice(0, 1))).toEqual([])
  })
})

describe('an analysis from the table to the report', () => {
  const table = readTable(csvText(smallTrials(3)), 'trials.csv')
  const inference = '{ seed: 1, chains: 2, warmup: 200, draws: 400 }'
  const analyse = (parts: Record<string, string>) =>
    twoStage({ protocol: parseProtocol(protocolText({ inference, ...parts }), 'protocol.yaml'), table, workers: 0 })

  it('shows the effect for the reference patient under the prior used, half and twice its scale; more scale, more heterogeneity', async () => {
    const analysis = await analyse({ secondStage: '{ method: hierarchical, heterogeneity: random-effect }' })
    const rows = analysis.heterogeneitySensitivity ?? []
    expect(rows.map(({ isMain }) => isMain)).toEqual([true, false, false])
    const [used, half, twice] = rows
    expect(used.effects).toEqual(analysis.profileEffects[0].effects)
    expect(used.label).toContain('scale 0.5')
    expect(half.label).toContain('scale 0.25')
    // three trials: the upper end is that of the prior, whose scale is four times as large
    expect(half.heterogeneity.upper).toBeLessThan(twice.heterogeneity.upper)
    expect(renderReport(analysis)).toContain('Does the prior of the differences between trials matter?')
    expect(analysis.siteDrawChecks).toBeUndefined()
  })
  it('pools draws with the normal first-stage prior divided out, and shows what each trial counts for', async () => {
    const secondStage =
      '{ method: hierarchical, heterogeneity: random-effect, siteLikelihood: draws, siteDrawCount: 100, firstStagePrior: divide-out, betweenTrials: student-t }'
    const analysis = await analyse({ firstStage: '{ prior: normal }', secondStage })
    expect(analysis.siteDrawChecks?.map(({ study, drawCount }) => [study, drawCount])).toEqual(
      [1, 2, 3].map((trial) => [`trial-${trial}`, 100]),
    )
    const report = renderReport(analysis)
    expect(analysis.siteDrawCorrection?.drawCount).toBeGreaterThanOrEqual(400)
    expect(report).toMatch(/smoothed.*importance weights.*k-hat/s)
    expect(report).toContain('What each trial counts for')
    expect(report).toContain('Weight of a trial')
    expect(analysis.trialFits.every(({ estimate }) => estimate.draws === undefined)).toBe(true)
    expect(analysis.warnings.some(({ message }) => message.includes('counts once in each'))).toBe(false)
  })
  it.each(['multivariate', 'weighted-average', 'mixture'])(
    'with %s flags a trial in other units and one with its treatment turned round',
    async (method) => {
      const rows = smallTrials(5, 150)
      const parts = { firstStage: '{ model: linear }', secondStage: `{ method: ${method} }` }
      const warningsOf = async (cellsOf: (row: (typeof rows)[number]) => object) => {
        const changed = csvText(rows.map((row) => (row.study === 'trial-2' ? { ...row, ...cellsOf(row) } : row)))
        const protocol = parseProtocol(protocolText({ inference, ...parts }), 'protocol.yaml')
        const { warnings } = await twoStage({ protocol, table: readTable(changed, 'trials.csv'), workers: 0 })
        return warnings.map(({ message }) => message).join('\n')
      }
      expect(await warningsOf(() => ({}))).not.toMatch(/other units|signs were turned/)
      expect(await warningsOf(({ outcome }) => ({ outcome: String(100 * Number(outcome)) }))).toMatch(
        /"trial-2" looks as if its outcome were in other units/,
      )
      expect(await warningsOf(({ treatment }) => ({ treatment: treatment === 'active' ? 'placebo' : 'active' }))).toMatch(
        /"trial-2" would agree with the other trials' if their signs were turned/,
      )
    },
  )
  it('refuses to divide out a prior that is not normal', async () => {
    const parts = { firstStage: '{ prior: laplace }', secondStage: '{ method: hierarchical, firstStagePrior: divide-out }' }
    await expect(analyse(parts)).rejects.toThrow(DataError)
  })
})
