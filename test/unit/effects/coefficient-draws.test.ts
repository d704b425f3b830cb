import { describe, expect, it } from 'vitest'
import { coefficientDraws, coefficientNames, pooledStudies } from '../../../src/effects/coefficient-draws.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { pooledFixture } from './pooled-fixture.js'

describe('coefficientDraws', () => {
  const pooled = pooledFixture({ chainCount: 2, drawCount: 3 })
  const valuesOf = (name: string) => pooled.variables.find((variable) => variable.name === name)!.values

  it('is mu for the average setting and theta_new for a new one', () => {
    expect(coefficientDraws(pooled, 'average')).toEqual(valuesOf('mu'))
    expect(coefficientDraws(pooled, 'new-setting')).toEqual(valuesOf('theta_new'))
  })

  it('is the row of theta of an existing trial, draw by draw over all chains', () => {
    const theta = valuesOf('theta')
    const expected = [0, 1, 2, 3, 4, 5].flatMap((draw) => [theta[draw * 4 + 2], theta[draw * 4 + 3]])
    expect(coefficientDraws(pooled, 'existing-trial', 'B')).toEqual(Float64Array.from(expected))
  })

  it('names the trials there are when asked for one that was not pooled', () => {
    expect(() => coefficientDraws(pooled, 'existing-trial', 'C')).toThrow(/"C" is not among those pooled.*A, B/)
    expect(() => coefficientDraws(pooled, 'existing-trial')).toThrow(UsageError)
  })

  it('refuses weighted draws, whose quantiles are not those of the target', () => {
    expect(() => coefficientDraws({ ...pooled, logWeights: new Float64Array(6) }, 'average')).toThrow(UsageError)
  })

  it('names coefficients and trials in storage order', () => {
    expect(coefficientNames(pooled)).toEqual(['treatment', 'treatment:age'])
    expect(pooledStudies(pooled)).toEqual(['A', 'B'])
  })
})
