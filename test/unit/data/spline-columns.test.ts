import { describe, expect, it } from 'vitest'
import { firstStageModel as linear } from '../../../models/first-stage/linear.js'
import { designColumns } from '../../../src/data/design-columns.js'
import { designRow } from '../../../src/data/design-row.js'
import { type Protocol, protocolSchema } from '../../../src/data/protocol.js'
import { designProblem } from '../../../src/data/singular-design.js'
import { trialDesign } from '../../../src/data/trial-design.js'
import { personContrast } from '../../../src/effects/person-contrast.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const protocolWith = (age: Record<string, unknown>) => ({
  poolite: 1,
  title: 'splines',
  data: { study: 'study', treatment: { column: 'arm', control: 'c', treated: 't' } },
  outcome: { column: 'y', better: 'higher', centre: 0, scale: 1 },
  covariates: [
    { name: 'age', type: 'continuous', centre: 45, scale: 10, ...age },
    { name: 'sex', type: 'binary' },
  ],
})
const parsed = (age: Record<string, unknown>): Protocol => protocolSchema.parse(protocolWith(age))
const issues = (age: Record<string, unknown>) =>
  protocolSchema.safeParse(protocolWith(age)).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

const knots = [30, 40, 50, 65]
const protocol = parsed({ spline: { knots }, unit: 'years' })
const columns = designColumns(protocol)
const source = stream(1, 'splines')
const person = (id: number, age: number, treatment: 0 | 1) => ({
  row: id + 2,
  id: `${id}`,
  study: 'A',
  treatment,
  outcome: treatment * (age > 45 ? (age - 45) / 10 : 0) + drawNormal(source, 0, 0.3),
  covariates: { age, sex: Math.floor(id / 2) % 2 },
})
const people = (ageOf: (id: number) => number) => Array.from({ length: 400 }, (_, id) => person(id, ageOf(id), id % 2 ? 1 : 0))

describe('a covariate with a spline', () => {
  it('gives as many columns as knots less one, main effects and interactions alike', () => {
    expect(columns.map(({ name }) => name)).toEqual(['age', "age'", "age''", 'sex'])
    expect(columns.slice(0, 3).every(({ isModifier, isPrognostic }) => isModifier && isPrognostic)).toBe(true)
  })
  it('is 0 in all of them at its centre, so that delta stays the effect at the centre', () => {
    expect([...designRow({ age: 45, sex: 0 }, columns)]).toEqual([0, 0, 0, 0])
  })
  it('is to a person what it is to a patient', () => {
    for (const age of [20, 44, 58, 90])
      expect([...personContrast({ age, sex: 1 }, columns, protocol.covariates)]).toEqual([
        1,
        ...designRow({ age, sex: 1 }, columns),
      ])
  })
  it('bends the effect of the linear model: a hinge is found, and a straight line misses it', () => {
    const patients = people((id) => 20 + ((id * 37) % 55))
    const effectAt = (of: Protocol, age: number) => {
      const own = designColumns(of)
      const trial = trialDesign('A', patients, own, of)
      const request = { chainCount: 1, drawCount: 500, streamFor: () => stream(2, 'exact') }
      const { estimate, coefficientNames } = linear.estimate!(linear.exact!(trial, linear.parseOptions({}), request)!, trial)
      expect(coefficientNames).toEqual(['treatment', ...own.map(({ name }) => `treatment:${name}`)])
      const contrast = personContrast({ age, sex: 0 }, own, of.covariates)
      return contrast.reduce((sum, value, index) => sum + value * estimate[index], 0)
    }
    /** The spline's largest distance from the hinge is some 0.1, the standard error some 0.08. */
    const tolerance = 0.3
    for (const [age, truth] of [
      [25, 0],
      [44, 0],
      [70, 2.5],
    ]) {
      expect(Math.abs(effectAt(protocol, age) - truth), `${age}`).toBeLessThan(tolerance)
    }
    expect(Math.abs(effectAt(parsed({}), 44) - 0)).toBeGreaterThan(tolerance)
  })
  it('needs patients about its knots: a trial without them is named with the knots', () => {
    const young = trialDesign(
      'A',
      people((id) => 20 + (id % 10)),
      columns,
      protocol,
    )
    const problem = designProblem(young)!
    expect(problem.code).toBe('singular-design')
    expect(problem.message).toMatch(/age has too few different values about the knots for bend 1 .*knots 30, 40, 50, 65/)
    expect(problem.covariates).toEqual(['age'])
  })
  it.each([
    [{ spline: { knots: [30, 50] } }, /covariates.0.spline.knots: the spline of age has 2 knots.*straight line/],
    [{ spline: { knots: [30, 50, 50] } }, /covariates.0.spline.knots.2: knot 50 of age does not lie above.*increasing/],
    [{ spline: { knots: [30, 60, 50] } }, /knot 50 of age does not lie above the one before it, 60/],
    [{ spline: { knots: [10, 40, 60] }, range: [18, 90] }, /knot 10 of age is outside its range 18 to 90/],
    [{ spline: { knots: [30, 40, 60], degree: 2 } }, /degree/],
  ])('is refused as %j', (age, message) => {
    expect(issues(age).join('\n')).toMatch(message)
  })
})
