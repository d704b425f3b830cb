import { describe, expect, it } from 'vitest'
import { profilePeople, referencePerson } from '../../../src/data/people.js'
import { covariateRangeFlags } from '../../../src/data/range-flags.js'
import { readNewPatients } from '../../../src/data/read-new-patients.js'
import { readTable } from '../../../src/data/read-table.js'
import { protocolWith, thrown } from './fixtures.js'

const protocol = protocolWith({
  referencePatient: { covariates: { smoker: 'yes' } },
  profiles: [{ name: 'older, in Kentucky', covariates: { age: 60, clinic: 'KY' } }],
})

describe('referencePerson and profilePeople', () => {
  it('fill in the centre, 0 or the reference level', () => {
    expect(referencePerson(protocolWith())).toEqual({
      kind: 'profile',
      id: 'reference patient',
      covariates: { age: 40, smoker: 0, clinic: 'MN' },
    })
  })

  it('take labels as 0 and 1, and give profiles what the reference patient has', () => {
    expect(referencePerson(protocol).covariates.smoker).toBe(1)
    expect(profilePeople(protocol)).toEqual([
      { kind: 'profile', id: 'older, in Kentucky', covariates: { age: 60, smoker: 1, clinic: 'KY' } },
    ])
  })
})

describe('covariateRangeFlags', () => {
  it('says which side of the range a value lies on, and nothing at its ends', () => {
    const flags = (age: number) => covariateRangeFlags({ covariates: { age, smoker: 0, clinic: 'MN' } }, protocol)
    expect(flags(71)).toEqual(["age 71 is above the protocol's range 18 to 65"])
    expect(flags(17)).toEqual(["age 17 is below the protocol's range 18 to 65"])
    expect([...flags(18), ...flags(65)]).toEqual([])
  })
})

describe('readNewPatients', () => {
  const read = (...lines: string[]) => readNewPatients(readTable(lines.join('\n'), 'new.csv'), protocol)

  it('needs the covariates only, and keeps values outside the range', () => {
    expect(read('age,smoker,clinic', '71,yes,NY')).toEqual([
      { kind: 'new-patient', id: 'row 2', covariates: { age: 71, smoker: 1, clinic: 'NY' } },
    ])
  })

  it('takes the identifier if there is one', () => {
    expect(read('id,age,smoker,clinic', 'Ann,30,0,NY', ',31,0,NY').map(({ id }) => id)).toEqual(['Ann', 'row 3'])
  })

  it('refuses missing and unreadable values and names every place', () => {
    const error = thrown(() => read('age,smoker,clinic', ',0,NY', '30,0,LA'))
    expect(error.details).toMatchObject({ file: 'new.csv', row: 2, column: 'age', problem: 'no value of age' })
    expect(error.details.remedy).toContain('row 3, column "clinic": "LA" is not a level of clinic')
  })

  it('refuses a table without one of the covariates', () => {
    expect(thrown(() => read('age,smoker', '30,0')).details).toMatchObject({ row: 1, column: 'clinic' })
  })
})
