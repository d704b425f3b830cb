import { describe, expect, it } from 'vitest'
import { designColumns } from '../../../src/data/design-columns.js'
import { designRow } from '../../../src/data/design-row.js'
import { designTrials } from '../../../src/data/design-trials.js'
import { DataError } from '../../../src/errors/data-error.js'
import { ageProtocol, header, minimalProtocol, protocolWith, reading, thrown, trialLines } from './fixtures.js'

describe('designColumns', () => {
  it('gives one column per number and one indicator per level except the reference', () => {
    const columns = designColumns(protocolWith())
    expect(columns.map(({ name, centre, scale }) => [name, centre, scale])).toEqual([
      ['age', 40, 8],
      ['smoker', 0, 1],
      ['clinic=NY', 0, 1],
      ['clinic=KY', 0, 1],
    ])
    expect(columns.every(({ isPrognostic, isModifier }) => isPrognostic && isModifier)).toBe(true)
  })

  it('follows the roles', () => {
    const roles = ['prognostic', 'modifier', 'both'].map((role, index) => ({ ...minimalProtocol.covariates[index], role }))
    const flags = designColumns(protocolWith({ covariates: roles })).map(({ isPrognostic, isModifier }) => [
      isPrognostic,
      isModifier,
    ])
    expect(flags).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ])
  })
})

describe('designRow', () => {
  const columns = designColumns(protocolWith())

  it('is (value - centre) / scale, and 0 or 1 for levels', () => {
    expect([...designRow({ age: 52, smoker: 1, clinic: 'KY' }, columns)]).toEqual([1.5, 1, 0, 1])
    expect([...designRow({ age: 36, smoker: 0, clinic: 'MN' }, columns)]).toEqual([-0.5, 0, 0, 0])
  })

  it('refuses a person without a covariate', () => {
    expect(thrown(() => designRow({ smoker: 0, clinic: 'MN' }, columns)).details.column).toBe('age')
  })
})

describe('designTrials', () => {
  it('puts outcome, treatment and covariates on the scale of the protocol', () => {
    const lines = trialLines('A', 30)
    const { designs, people } = designTrials(reading(protocolWith(), header, ...lines), protocolWith())
    const [design] = designs
    const cells = lines.map((line) => line.split(','))
    expect([...design.outcome]).toEqual(cells.map(([, , , y]) => (Number(y) - 50) / 10))
    expect([...design.treatment]).toEqual(cells.map(([, , arm]) => Number(arm === 'drug')))
    expect(design.covariates).toHaveLength(30 * 4)
    expect(design.covariates[4 * 7]).toBe((Number(cells[7][4]) - 40) / 8)
    expect(design.patientIds).toEqual(cells.map(([, id]) => id))
    expect(people[7]).toEqual({
      kind: 'patient',
      id: '7',
      study: 'A',
      covariates: { age: Number(cells[7][4]), smoker: Number(cells[7][5] === 'yes'), clinic: cells[7][6] },
    })
  })

  it('leaves out patients with missing values and names how many, by trial and arm', () => {
    const protocol = ageProtocol()
    const incomplete = ['A,x1,drug,NA,NA,no,NY', 'A,x2,drug,NA,30,no,NY', 'A,x3,placebo,50,,no,NY', 'B,x1,drug,NA,30,no,NY']
    const { designs, exclusions } = designTrials(
      reading(protocol, header, ...trialLines('A', 20), ...incomplete, ...trialLines('B', 20)),
      protocol,
    )
    expect(designs.map(({ study, patientIds }) => [study, patientIds.length])).toEqual([
      ['A', 20],
      ['B', 20],
    ])
    expect(exclusions).toEqual([
      { study: 'A', arm: 'control', patientCount: 1, reason: 'missing age' },
      { study: 'A', arm: 'treated', patientCount: 2, reason: 'missing outcome (2) and age (1)' },
      { study: 'B', arm: 'treated', patientCount: 1, reason: 'missing outcome' },
    ])
  })

  it('leaves out trials that are too small; analysed and excluded patients add up to the rows', () => {
    const protocol = ageProtocol({ trials: { leastPatients: 10 } })
    const lines = [
      ...trialLines('A', 20),
      ...trialLines('B', 9),
      'B,x,drug,NA,30,no,NY',
      'C,x,drug,NA,30,no,NY',
      ...trialLines('D', 10),
    ]
    const { designs, exclusions, people } = designTrials(reading(protocol, header, ...lines), protocol)
    expect(designs.map(({ study }) => study)).toEqual(['A', 'D'])
    expect(exclusions.filter(({ arm }) => arm === undefined)).toEqual([
      { study: 'B', patientCount: 9, reason: '9 complete patients, fewer than the 10 that the protocol asks for' },
      { study: 'C', patientCount: 0, reason: 'no complete patients' },
    ])
    expect(people.length + exclusions.reduce((sum, { patientCount }) => sum + patientCount, 0)).toBe(lines.length)
  })

  it('leaves out or refuses a trial with a singular design, as the protocol says', () => {
    const constant = trialLines('B', 20).map((line) => line.replace(/^(\w+,\d+,drug,\d+),\d+/, '$1,33'))
    const lines = [header, ...trialLines('A', 20), ...constant]
    const excluding = ageProtocol({ trials: { singularDesign: 'exclude' } })
    const { designs, exclusions } = designTrials(reading(excluding, ...lines), excluding)
    expect(designs.map(({ study }) => study)).toEqual(['A'])
    expect(exclusions).toEqual([{ study: 'B', patientCount: 20, reason: 'age is the same for all treated patients' }])
    const error = thrown(() => designTrials(reading(ageProtocol(), ...lines), ageProtocol()))
    expect(error).toBeInstanceOf(DataError)
    expect(error.message).toContain('trial "B" is singular: age is the same for all treated patients')
  })

  it('refuses data with faults: the first with its place, the others after it', () => {
    const protocol = ageProtocol()
    const error = thrown(() =>
      designTrials(reading(protocol, header, 'A,p,drug,50,old,no,NY', 'A,q,up,50,30,no,NY', ...trialLines('A', 20)), protocol),
    )
    expect(error.details).toMatchObject({ file: 'trials.csv', row: 2, column: 'age' })
    expect(error.details.remedy).toContain('row 3, column "treat"')
  })
})
