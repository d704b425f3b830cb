import { describe, expect, it } from 'vitest'
import { heterogeneityDraws } from '../../../src/effects/heterogeneity-draws.js'
import { heterogeneitySummary } from '../../../src/effects/heterogeneity-summary.js'
import { ageColumn, pooledFixture, prognosticColumn } from './pooled-fixture.js'

describe('heterogeneityDraws', () => {
  it('is the root sum of squares without correlations', () => {
    const [first] = heterogeneityDraws(pooledFixture({ tau: [0.3, 0.2] }), Float64Array.from([1, 2]))
    expect(first).toBeCloseTo(0.5, 14)
  })

  it('is sqrt(c T c) with T = diag(tau) Omega diag(tau)', () => {
    const [first] = heterogeneityDraws(pooledFixture({ tau: [0.3, 0.2], hasCorrelation: true }), Float64Array.from([1, -2]))
    expect(first).toBeCloseTo(Math.sqrt(0.09 + 0.16 - 2 * 0.5 * 0.3 * 0.4), 14)
  })
})

describe('heterogeneitySummary', () => {
  const options = { columns: [prognosticColumn, ageColumn], outcomeScale: 8 }

  it('gives the treatment effect in units of the outcome and an interaction per original unit', () => {
    const [treatment, age] = heterogeneitySummary(pooledFixture({ tau: [0.3, 0.1] }), options)
    expect(treatment).toMatchObject({ coefficient: 'treatment', isCommon: false })
    expect(treatment.median).toBeCloseTo(2.4, 13)
    expect(age).toMatchObject({ coefficient: 'treatment:age', column: ageColumn })
    expect(age.upper).toBeCloseTo(0.08, 14)
  })

  it('gives the treatment effect at the reference patient when there is one', () => {
    const [treatment] = heterogeneitySummary(pooledFixture({ tau: [0.3, 0.2] }), {
      ...options,
      referenceContrast: Float64Array.from([1, 2]),
    })
    expect(treatment.median).toBeCloseTo(4, 13)
  })

  it('says when an effect is taken as common', () => {
    expect(heterogeneitySummary(pooledFixture({ tau: [0.3, 0] }), options).map(({ isCommon }) => isCommon)).toEqual([false, true])
  })
})
