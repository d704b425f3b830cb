import { describe, expect, it } from 'vitest'
import type { DesignColumn } from '../../../src/contract/trial.js'
import { type ExplanationRequest, explainEffects } from '../../../src/effects/explain-effects.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { stream } from '../../../src/random/stream.js'

const column = (name: string, more: Partial<DesignColumn> = {}): DesignColumn => ({
  name,
  covariate: name,
  centre: 0,
  scale: 1,
  isPrognostic: true,
  isModifier: true,
  ...more,
})
const columns = [
  column('age', { centre: 50, scale: 10, unit: 'years' }),
  column('only prognostic', { isModifier: false }),
  column('severity'),
  column('clinic=B', { covariate: 'clinic', level: 'B' }),
  column('clinic=C', { covariate: 'clinic', level: 'C' }),
]
const WIDTH = 4
const PATIENTS = 200
const source = stream(1, 'explain patients')
const patients = Float64Array.from({ length: PATIENTS * WIDTH }, (_, at) => {
  const place = at % WIDTH
  return place < 2 ? standardNormal(source) : Number(Math.floor(at / WIDTH) % 3 === place - 1)
})

/** Draws s = 1 to 3 of s times a function of the modifiers. */
const drawsOf = (effect: (x: Float64Array) => number) => (people: Float64Array, count: number) =>
  Float64Array.from({ length: 3 * count }, (_, at) => {
    const person = at % count
    return (1 + Math.floor(at / count)) * effect(people.subarray(person * WIDTH, (person + 1) * WIDTH))
  })
const explain = (effect: (x: Float64Array) => number, more: Partial<ExplanationRequest> = {}) =>
  explainEffects({ predict: drawsOf(effect), columns, patients, stream: stream(2), patientCount: PATIENTS, ...more })
const of = (explanation: ReturnType<typeof explainEffects>, covariate: string) =>
  explanation.covariates.find((one) => one.covariate === covariate)!

describe('explanation of effects', () => {
  it('gives a covariate that alone matters all of the variance, and the others nothing, in every draw', () => {
    const explanation = explain(([age]) => age ** 3)
    for (const share of ['totalShare', 'aloneShare'] as const) {
      expect(of(explanation, 'age')[share]).toEqual({ mean: 1, lower: 1, upper: 1 })
      expect(of(explanation, 'clinic')[share].mean).toBe(0)
    }
    expect(explanation.covariates[0].covariate).toBe('age')
    expect(explanation.covariates.map(({ covariate }) => covariate)).not.toContain('only prognostic')
  })

  it('divides a sum of independent functions as their variances, alone and total alike', () => {
    const explanation = explain(([age, severity]) => 2 * age + severity)
    // shares 4/5 and 1/5; a mean square over 200 pairs of standard normals has a relative standard error of 2 sqrt(2 / 200) at most: 4 of them of a ratio p(1 - p)
    const tolerance = 4 * 2 * Math.sqrt(2 / PATIENTS) * 0.16
    for (const share of ['totalShare', 'aloneShare'] as const) {
      expect(Math.abs(of(explanation, 'age')[share].mean - 0.8)).toBeLessThan(tolerance)
      expect(Math.abs(of(explanation, 'severity')[share].mean - 0.2)).toBeLessThan(tolerance)
    }
  })

  it('tells a pure interaction by shares that are all total and none alone', () => {
    const explanation = explain(([age, severity]) => age * severity)
    // products of normals have kurtosis 9: standard error of a mean square sqrt(8 / 200) = 0.2 of it
    for (const covariate of ['age', 'severity']) {
      expect(of(explanation, covariate).totalShare.mean).toBeGreaterThan(0.6)
      expect(Math.abs(of(explanation, covariate).aloneShare.mean)).toBeLessThan(0.4)
    }
  })

  it('has partial dependence in original units: the mean over patients who keep their other covariates', () => {
    const explanation = explain(([age, severity]) => age + 2 * severity)
    const severities = patients.filter((_, at) => at % WIDTH === 1)
    const rest = (2 * severities.reduce((sum, value) => sum + value, 0)) / PATIENTS
    const { dependence, unit } = of(explanation, 'age')
    expect(unit).toBe('years')
    expect(dependence).toHaveLength(11)
    for (const { value, mean, lower, upper } of dependence) {
      const once = ((value as number) - 50) / 10 + rest
      expect(mean).toBeCloseTo(2 * once, 10)
      // 2.5% and 97.5% quantiles of once, twice and three times: 0.05 from the ends
      expect(Math.min(lower, upper)).toBeCloseTo(Math.min(1.05 * once, 2.95 * once), 10)
    }
  })

  it('exchanges all columns of a categorical covariate together, and names its levels', () => {
    const seen = new Set<string>()
    const explanation = explainEffects({
      predict: (people, count) => {
        for (let person = 0; person < count; person++) seen.add(`${people[person * WIDTH + 2]}${people[person * WIDTH + 3]}`)
        return drawsOf(([, , b, c]) => b + 2 * c)(people, count)
      },
      columns,
      patients,
      stream: stream(2),
    })
    expect(of(explanation, 'clinic').dependence.map(({ value, mean }) => [value, mean])).toEqual([
      ['reference level', 0],
      ['B', 2],
      ['C', 4],
    ])
    expect([...seen].sort()).toEqual(['00', '01', '10'])
  })

  it('where the effect is the same for all, has no shares, and a spread of 0', () => {
    const explanation = explain(() => 1)
    expect(explanation.spread.mean).toBe(0)
    expect(of(explanation, 'age').totalShare.mean).toBeNaN()
  })

  it('does not ask for more than 1000 people at once', () => {
    const counts: number[] = []
    const predict = (people: Float64Array, count: number) => {
      counts.push(count)
      return drawsOf(([age]) => age)(people, count)
    }
    const { patientCount } = explain(() => 0, {
      predict,
      patientCount: 10_000,
      patients: Float64Array.from([...patients, ...patients]),
    })
    expect(Math.max(...counts)).toBeLessThanOrEqual(1000)
    expect(patientCount).toBe(250)
  })

  it('refuses effects without modifiers and fewer than 10 patients, and says what to do', () => {
    expect(() => explain(() => 1, { columns: [] })).toThrow(UsageError)
    expect(() => explain(() => 1, { patients: patients.subarray(0, 5 * WIDTH) })).toThrow(/5 patients.*at least 10.*row by row/s)
  })
})
