import { describe, expect, it } from 'vitest'
import { readTable } from '../../../src/data/read-table.js'
import { readTrials } from '../../../src/data/read-trials.js'
import { DataError } from '../../../src/errors/data-error.js'
import { header, minimalProtocol, protocolWith, reading, thrown } from './fixtures.js'

const protocol = protocolWith()

describe('readTrials', () => {
  it('types cells as the protocol declares them', () => {
    const { patients, faults, studies } = reading(
      protocol,
      header,
      'A,p1,drug,51.5,40,yes,NY',
      'A,p2,placebo,-2e1,NA,0,MN',
      'B,p1,drug,,18,1.0,KY',
    )
    expect(faults).toEqual([])
    expect(studies).toEqual(['A', 'B'])
    expect(patients).toEqual([
      { row: 2, study: 'A', id: 'p1', treatment: 1, outcome: 51.5, covariates: { age: 40, smoker: 1, clinic: 'NY' } },
      { row: 3, study: 'A', id: 'p2', treatment: 0, outcome: -20, covariates: { age: undefined, smoker: 0, clinic: 'MN' } },
      { row: 4, study: 'B', id: 'p1', treatment: 1, outcome: undefined, covariates: { age: 18, smoker: 1, clinic: 'KY' } },
    ])
  })

  const good = { study: 'A', id: 'p1', treat: 'drug', y: '50', age: '40', smoker: 'no', clinic: 'NY' }
  it.each<[string, Partial<typeof good>, string, string[]]>([
    ['text in a continuous covariate', { age: 'old' }, 'not-a-number', ['"old"']],
    ['a code for missing', { age: 'n/a' }, 'not-a-number', ['data.missing']],
    ['a decimal comma', { age: '"40,5"' }, 'not-a-number', ['with a point']],
    ['a unit', { age: '40 years' }, 'not-a-number', ['unit belongs in the protocol']],
    ['hexadecimal', { age: '0x20' }, 'not-a-number', ['"0x20"']],
    ['text in the outcome', { y: 'good' }, 'not-a-number', ['"good"']],
    ['an infinite outcome', { y: 'Inf' }, 'infinite', ['infinite value']],
    ['an outcome that overflows', { y: '1e999' }, 'infinite', ['infinite value']],
    ['a value below the range', { age: '17.9' }, 'out-of-range', ['18 to 65']],
    ['a value above the range', { age: '65.1' }, 'out-of-range', ['18 to 65']],
    ['a binary value that is none', { smoker: '2' }, 'not-binary', ['0, 1, no or yes']],
    ['a misspelt label', { smoker: 'yess' }, 'not-binary', ['Did you mean "yes"?']],
    ['an unknown level', { clinic: 'ny' }, 'unknown-level', ['NY, MN and KY', 'Did you mean "NY"?']],
    [
      'a third treatment',
      { treat: 'surgery' },
      'unknown-treatment',
      ['neither the control "placebo" nor the treated "drug"', 'third arm'],
    ],
    ['no treatment', { treat: '' }, 'missing-treatment', ['randomised arm']],
    ['no study', { study: 'NA' }, 'missing-study', ['name of the trial']],
  ])('reports %s with row and column', (_, change, code, words) => {
    const [column] = Object.keys(change)
    const bad = Object.values({ ...good, ...change, id: 'p2' }).join(',')
    const { faults } = reading(protocol, header, Object.values(good).join(','), bad)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ severity: 'error', code, row: 3, column })
    for (const word of words) expect(`${faults[0].message}. ${faults[0].remedy}`).toContain(word)
  })

  it('does not show a value that is out of range', () => {
    const { faults } = reading(protocol, header, 'A,p1,drug,50,66.25,no,NY')
    expect(JSON.stringify(faults)).not.toContain('66.25')
  })

  it('accepts both ends of the range', () => {
    expect(reading(protocol, header, 'A,p1,drug,50,18,no,NY', 'A,p2,drug,50,65,no,NY').faults).toEqual([])
  })

  it('collects all faults in the order of the file', () => {
    const { faults } = reading(protocol, header, 'A,p1,drug,x,y,maybe,LA', 'A,p2,both,50,40,no,NY')
    expect(faults.map(({ row, column }) => [row, column])).toEqual([
      [2, 'y'],
      [2, 'age'],
      [2, 'smoker'],
      [2, 'clinic'],
      [3, 'treat'],
    ])
  })

  it('reports a patient that stands twice in a trial, not one that stands in two trials', () => {
    const { faults } = reading(protocol, header, 'A,p1,drug,50,40,no,NY', 'B,p1,drug,50,40,no,NY', 'A,p1,drug,50,40,no,NY')
    expect(faults).toMatchObject([{ code: 'duplicate-patient', row: 4, column: 'id', study: 'A' }])
    expect(faults[0].message).toContain('row 2')
  })

  it('cuts long offending tokens', () => {
    const { faults } = reading(protocol, header, `A,p1,drug,50,${'x'.repeat(100)},no,NY`)
    expect(faults[0].message).not.toContain('x'.repeat(25))
  })

  it('throws for columns that are not there, all of them, with the nearest names', () => {
    const table = readTable('study,id,treat,y,aeg,smokr,clinic\nA,p1,drug,50,40,no,NY', 'trials.csv')
    const error = thrown(() => readTrials(table, protocol))
    expect(error).toBeInstanceOf(DataError)
    expect(error.details).toMatchObject({ file: 'trials.csv', row: 1, column: 'age' })
    for (const word of ['"age" (covariate age)', '"smoker"', 'Did you mean "aeg"?', 'Did you mean "smokr"?'])
      expect(error.message).toContain(word)
  })

  it('reads a covariate from the column that the protocol gives for it', () => {
    const renamed = protocolWith({ covariates: [{ ...minimalProtocol.covariates[0], column: 'years' }] })
    expect(reading(renamed, 'study,id,treat,y,years', 'A,p1,drug,50,33').patients[0].covariates).toEqual({ age: 33 })
  })

  it('keeps only the included trials and says when one of them is not in the data', () => {
    const chosen = protocolWith({ trials: { include: ['Alpha', 'Gama'] } })
    const result = reading(chosen, header, 'Alpha,p1,drug,50,40,no,NY', 'Beta,p1,wrong,x,40,no,NY', 'Gamma,p1,drug,50,40,no,NY')
    expect(result.studies).toEqual(['Alpha'])
    expect(result.faults).toMatchObject([
      { code: 'unknown-study', study: 'Gama', remedy: expect.stringContaining('Did you mean "Gamma"?') },
    ])
  })
})
