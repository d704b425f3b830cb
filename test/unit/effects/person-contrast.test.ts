import { describe, expect, it } from 'vitest'
import { covariateSchema } from '../../../src/data/protocol.js'
import { personContrast } from '../../../src/effects/person-contrast.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { ageColumn, prognosticColumn } from './pooled-fixture.js'

const declarations = [
  { name: 'site', type: 'continuous', role: 'prognostic', centre: 0, scale: 1 },
  { name: 'age', type: 'continuous', centre: 50, scale: 10 },
  { name: 'sex', type: 'binary', labels: ['female', 'male'], centre: 0.5, scale: 2 },
  { name: 'clinic', type: 'categorical', levels: ['LA', 'NY', 'SF'] },
].map((covariate) => covariateSchema.parse(covariate))
const indicator = { centre: 0, scale: 1, isPrognostic: true, isModifier: true }
const columns = [
  prognosticColumn,
  ageColumn,
  { ...indicator, name: 'sex', covariate: 'sex', centre: 0.5, scale: 2 },
  { ...indicator, name: 'clinic=NY', covariate: 'clinic', level: 'NY' },
  { ...indicator, name: 'clinic=SF', covariate: 'clinic', level: 'SF' },
]

describe('personContrast', () => {
  it('is 1, then every modifier scaled by its column, without prognostic covariates', () => {
    const contrast = personContrast({ age: 65, sex: 1, clinic: 'SF' }, columns, declarations)
    expect(Array.from(contrast)).toEqual([1, 1.5, 0.25, 0, 1])
  })

  it('takes labels of binary covariates and numbers written as text', () => {
    expect(personContrast({ age: '65', sex: 'male', clinic: 'LA' }, columns, declarations)).toEqual(
      Float64Array.from([1, 1.5, 0.25, 0, 0]),
    )
  })

  it('names the modifier that is missing or unknown', () => {
    expect(() => personContrast({ sex: 0, clinic: 'LA' }, columns, declarations)).toThrow(/"age" is not given/)
    expect(() => personContrast({ age: 50, sex: 'other', clinic: 'LA' }, columns, declarations)).toThrow(UsageError)
    expect(() => personContrast({ age: 50, sex: 0, clinic: 'Paris' }, columns, declarations)).toThrow(UsageError)
  })
})
