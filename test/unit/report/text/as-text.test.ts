import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { compareModels } from '../../../../diagnostics/predictive/compare-models.js'
import type { Draws } from '../../../../src/draws/draws.js'
import { selectVariables } from '../../../../src/draws/select-variables.js'
import { multivariateMetaAnalysis } from '../../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import { printedAnalysis } from '../../../../src/printed.js'
import { asText } from '../../../../src/report/text/as-text.js'
import { smallAnalysis } from '../../cli/small-analysis.js'

const draws = (labels: number): Draws => ({
  chainCount: 2,
  drawCount: 2,
  variables: [
    { name: 'mu', dimensions: [], values: Float64Array.of(1, 2, 3, 4) },
    {
      name: 'theta',
      dimensions: [{ name: 'trial', labels: Array.from({ length: labels }, (_, label) => String(label)) }],
      values: new Float64Array(4 * labels),
    },
  ],
})
const analysis = await smallAnalysis(['A', 'B', 'C'])

describe('asText', () => {
  it('gives mean, standard deviation and type-7 quantiles of draws', () => {
    const [heading, , , mu] = asText(draws(1)).split('\n')
    expect(heading).toBe('2 chains of 2 draws of 2 quantities')
    expect(mu.split(/ +/)).toEqual(['mu', '2.50', '1.29', '2.50', '1.07', '3.92'])
  })
  it('lists the first quantities and counts the others', () => {
    const lines = asText(draws(40)).split('\n')
    expect(lines).toHaveLength(2 + 1 + 20 + 1)
    expect(lines.at(-1)).toBe('and 21 more')
  })
  it('does not summarise weighted draws as if they weighed the same', () => {
    const text = asText({ ...draws(1), logWeights: new Float64Array(4) })
    expect(text).toMatch(/^weighted: /)
    expect(text).not.toContain('mean')
  })
  it('puts the verdict of a fit before its quantities', () => {
    const lines = asText(analysis.pooled).split('\n')
    expect(lines[0]).toMatch(/^hierarchical: 2 chains of 50 draws after 50 transitions of warmup in 1 s$/)
    expect(lines[1]).toMatch(/checks/)
    expect(asText(analysis.pooled).indexOf('checks')).toBeLessThan(asText(analysis.pooled).indexOf('rhat'))
  })
  it('puts verdict and important warnings of an analysis before its effects', () => {
    const text = asText({
      ...analysis,
      warnings: [
        { severity: 'important', message: 'mind this' },
        { severity: 'note', message: 'and that' },
      ],
    })
    expect(text.indexOf('warning: mind this')).toBeGreaterThan(text.indexOf('Second stage'))
    expect(text.indexOf('warning: mind this')).toBeLessThan(text.indexOf('P(benefit)'))
    expect(text).not.toContain('and that')
  })
  it('lists effects of people, of many the first twenty', () => {
    expect(asText(analysis.patientEffects)).toMatch(/and \d+ more people$/)
    expect(asText(analysis.profileEffects[0])).toContain('average')
  })
  it('gives a meta-analysis the intervals of both settings', () => {
    const estimates = [Float64Array.of(0), Float64Array.of(1), Float64Array.of(2)]
    const covariances = estimates.map(() => Float64Array.of(0.1))
    const text = asText(multivariateMetaAnalysis({ estimates, covariances, coefficientNames: ['effect'] }))
    expect(text).toContain('new setting')
    expect(text).toMatch(/^effect +1\.000 \(/m)
  })
  it('makes tables of records: estimates with their intervals and errors, one number of decimals a column', () => {
    const records = [
      { name: 'a', share: { mean: 0.5, lower: 0.25, upper: 0.75 }, count: 10, values: new Float64Array(3) },
      { name: 'b', share: { mean: -0.125, lower: -1, upper: 1 }, count: 2, values: new Float64Array(3) },
    ]
    expect(asText(records).split('\n')).toEqual([
      'name                     share  count',
      '----  ------------------------  -----',
      'a       0.500 (0.250 to 0.750)     10',
      'b     −0.125 (−1.000 to 1.000)      2',
    ])
  })
  it('shows rows and warnings of a comparison', () => {
    const score = (elpd: number[]) => ({ pointwise: { elpd: Float64Array.from(elpd) } })
    const text = asText(compareModels({ good: score([-1, -1, -1]), bad: score([-2, -1.5, -1]) }))
    expect(text).toMatch(/^good +−3\.000 \(SE 0\.000\)/m)
    expect(text).toMatch(/few|small/)
  })
  it('names a figure and leaves words, numbers and arrays of them as they are', () => {
    expect(asText({ marks: [], ariaLabel: 'Trace of mu' })).toBe('figure: Trace of mu')
    expect(asText('words')).toBe('words')
    expect(asText(Float64Array.of(1, 2))).toBe('1, 2')
  })
})

describe('values that print themselves', () => {
  it('show their text in a console, and nothing else changes', () => {
    const printed = printedAnalysis({ ...analysis })
    expect(inspect(printed)).toBe(asText(analysis))
    expect(inspect(printed.pooled.draws)).toBe(asText(analysis.pooled.draws))
    expect(inspect({ ...printed })).not.toBe(asText(analysis))
    expect(Object.keys(printed)).toEqual(Object.keys(analysis))
    expect(structuredClone(printed.pooled)).toEqual(printed.pooled)
  })
  it('draws stay printable when variables are selected', () => {
    expect(inspect(selectVariables(draws(2), ['mu']))).toMatch(/^2 chains of 2 draws of 1 quantity/)
  })
})
