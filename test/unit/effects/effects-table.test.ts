import { csvParse } from 'd3-dsv'
import { describe, expect, it } from 'vitest'
import type { PersonEffect } from '../../../src/contract/analysis.js'
import { effectsCsv, effectsTable } from '../../../src/effects/effects-table.js'

const summary = {
  mean: 0.1 + 0.2,
  median: 0.3,
  sd: 1,
  lower: -1,
  upper: 2,
  probabilityBenefit: 0.6,
  probabilityImportant: 0.2,
  mcse: 0.01,
}
const effects: PersonEffect[] = [
  {
    person: { kind: 'patient', id: '1, "a"', study: 'A', covariates: { age: 50, mean: 3 } },
    effects: [
      { ...summary, target: 'average' },
      { ...summary, target: 'existing-trial', study: 'B' },
    ],
    flags: ['age too high', 'far from trial B'],
  },
  {
    person: { kind: 'profile', id: 'reference', covariates: { sex: 'male' } },
    effects: [{ ...summary, target: 'average' }],
    flags: [],
  },
]

describe('effectsTable', () => {
  const table = effectsTable(effects)

  it('has one row for each person and target, and covariates between identity and summary', () => {
    expect(table.rows).toHaveLength(3)
    expect(table.columns).toEqual(
      'kind id study age covariate_mean sex target mean median sd lower upper probability_benefit probability_important mcse flags'.split(
        ' ',
      ),
    )
  })

  it('takes the trial of the effect before the trial of the person', () => {
    expect(table.rows.map((row) => row.study)).toEqual(['A', 'B', ''])
  })

  it('puts covariates in the order of the design columns when these are given', () => {
    const column = { name: 'sex', covariate: 'sex', centre: 0, scale: 1, isPrognostic: true, isModifier: true }
    expect(effectsTable(effects, [column]).columns.slice(3, 5)).toEqual(['sex', 'age'])
  })

  it('survives CSV with its quotation marks and every bit of its numbers', () => {
    const text = effectsCsv(table)
    const [first] = csvParse(text)
    expect(first.id).toBe('1, "a"')
    expect(Number(first.mean)).toBe(0.1 + 0.2)
    expect(first.flags).toBe('age too high; far from trial B')
    expect(text.endsWith('\n')).toBe(true)
  })
})
