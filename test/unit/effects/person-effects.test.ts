import { describe, expect, it } from 'vitest'
import type { Person } from '../../../src/contract/analysis.js'
import { personEffects } from '../../../src/effects/person-effects.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { ageColumn, pooledFixture, prognosticColumn } from './pooled-fixture.js'

const people: Person[] = [
  { kind: 'profile', id: 'reference', covariates: { age: 50 } },
  { kind: 'patient', id: '7', study: 'B', covariates: { age: 70 } },
]
const context = {
  columns: [prognosticColumn, ageColumn],
  outcomeScale: 8,
  better: 'higher',
  smallestImportantEffect: 1,
  flags: (person: Person) => (Number(person.covariates.age) > 65 ? ['age 70 is above the range'] : []),
  contrast: (person: Person) => Float64Array.from([1, (Number(person.covariates.age) - 50) / 10]),
  targets: (person: Person) =>
    person.study
      ? [{ target: 'average' as const }, { target: 'existing-trial' as const, study: person.study }]
      : [{ target: 'new-setting' as const }],
} as const

describe('personEffects', () => {
  const pooled = pooledFixture()
  const effects = personEffects(pooled, people, context)
  const meanOf = (name: string, offset: number, stride: number) => {
    const { values } = pooled.variables.find((variable) => variable.name === name)!
    const picked = Array.from({ length: 100 }, (_, draw) => values[draw * stride + offset])
    return picked.reduce((sum, value) => sum + value, 0) / 100
  }
  // sums of 100 numbers below 40 in another order
  const rounding = 100 * 40 * Number.EPSILON

  it('gives each person the targets asked for, with their flags', () => {
    expect(effects.map((effect) => effect.effects.map(({ target, study }) => [target, study]))).toEqual([
      [['new-setting', undefined]],
      [
        ['average', undefined],
        ['existing-trial', 'B'],
      ],
    ])
    expect(effects.map((effect) => effect.flags)).toEqual([[], ['age 70 is above the range']])
  })

  it('has as mean the contrast times the mean coefficients, in units of the outcome', () => {
    expect(Math.abs(effects[0].effects[0].mean - 8 * meanOf('theta_new', 0, 2))).toBeLessThan(rounding)
    expect(Math.abs(effects[1].effects[0].mean - 8 * (meanOf('mu', 0, 2) + 2 * meanOf('mu', 1, 2)))).toBeLessThan(rounding)
    expect(Math.abs(effects[1].effects[1].mean - 8 * (meanOf('theta', 2, 4) + 2 * meanOf('theta', 3, 4)))).toBeLessThan(rounding)
  })

  it('applies the smallest important effect in units of the outcome', () => {
    const scaled = personEffects(pooled, people, { ...context, outcomeScale: 80, smallestImportantEffect: 10 })
    expect(scaled[1].effects[0].probabilityImportant).toBe(effects[1].effects[0].probabilityImportant)
    expect(scaled[1].effects[0].sd).toBeCloseTo(10 * effects[1].effects[0].sd, 10)
  })

  it('refuses columns whose modifiers are not those of the draws', () => {
    expect(() => personEffects(pooled, people, { ...context, columns: [prognosticColumn] })).toThrow(UsageError)
    expect(() => personEffects(pooled, people, { ...context, columns: [{ ...ageColumn, name: 'weight' }] })).toThrow(
      /treatment:weight/,
    )
  })
})
