import { describe, expect, it } from 'vitest'
import type { Draws, Variable } from '../../../src/draws/draws.js'
import { armOutcomes, type TrialOutcomes } from '../../../src/effects/arm-outcomes.js'
import { coefficientOutcomes } from '../../../src/effects/coefficient-outcomes.js'
import { effectDraws } from '../../../src/effects/effect-draws.js'
import { effectPredictor } from '../../../src/effects/effect-predictor.js'
import { outcomeDraws, outcomeSummaries } from '../../../src/effects/outcome-draws.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { stream } from '../../../src/random/stream.js'

const drawCount = 4000
const scalar = (name: string, value: number): Variable => ({
  name,
  dimensions: [],
  values: new Float64Array(drawCount).fill(value),
})
const parameters = (...more: Variable[]): Draws => ({ chainCount: 1, drawCount, variables: [scalar('sigma', 0.5), ...more] })

/** Draws of the control arm and of the effect with these standard deviations and this correlation. */
function trial(level: number, sds: readonly [number, number], correlation: number, seed: number): TrialOutcomes {
  const source = stream(seed, 'trial')
  const pairs = Array.from({ length: drawCount }, () => {
    const [u, v] = [standardNormal(source), standardNormal(source)]
    return [level + sds[0] * u, 0.5 + sds[1] * (correlation * u + Math.sqrt(1 - correlation ** 2) * v)]
  })
  return {
    control: Float64Array.from(pairs, ([control]) => control),
    treated: Float64Array.from(pairs, ([control, effect]) => control + effect),
    parameters: parameters(),
  }
}
const source = stream(8, 'effects')
const normals = (centre: number, spread: number) =>
  Float64Array.from({ length: drawCount }, () => centre + spread * standardNormal(source))
const request = { centre: 10, scale: 4, stream: stream(1, 'test') }
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const sd = (values: Float64Array) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))
/** Relative standard error of a standard deviation of so many draws, five times, and as much for the moments of the trials. */
const SPREAD = 2 * (5 / Math.sqrt(2 * drawCount))

describe('armOutcomes', () => {
  // 400 trials that differ by nothing, so that omega and tau are near 0 beside errors of 0.3
  const many = Array.from({ length: 400 }, (_, index) => trial(1.25, [0.3, 0.4], -0.8, index))
  const errors = { level: 0.3 / Math.sqrt(400), effect: 0.4 / Math.sqrt(400) }
  const effects = { average: normals(2, 4 * errors.effect), newSetting: normals(2, 4 * errors.effect) }

  it('has the control level of the trials and the effect more under treatment, in outcome units', () => {
    const { expected } = armOutcomes({ ...request, trials: many, effects })
    const pooled = many.reduce((sum, { control }) => sum + mean(control), 0) / many.length
    expect(Math.abs(mean(expected.control) - (10 + 4 * pooled))).toBeLessThan(
      (5 * 4 * errors.level) / Math.sqrt(drawCount) + 0.005,
    )
    expected.treated.forEach((value, draw) => {
      expect(value - expected.control[draw]).toBeCloseTo(effects.average[draw], 10)
    })
  })

  it('gives the treated arm the variance that level and effect have together, not apart', () => {
    const { expected } = armOutcomes({ ...request, trials: many, effects })
    const together = 4 * Math.sqrt(errors.level ** 2 + errors.effect ** 2 - 2 * 0.8 * errors.level * errors.effect)
    const apart = 4 * Math.hypot(errors.level, errors.effect)
    // omega and tau are not quite 0: 10% for what they add to variances of 0.09 and 0.16
    expect(Math.abs(sd(expected.treated) / together - 1)).toBeLessThan(SPREAD + 0.1)
    expect(Math.abs(sd(expected.control) / (4 * errors.level) - 1)).toBeLessThan(SPREAD + 0.1)
    expect(sd(expected.treated)).toBeLessThan(0.75 * apart)
  })

  it('spreads the outcomes of one person as the residuals, and by arm as the model says', () => {
    const plain = armOutcomes({ ...request, trials: many, effects }).predicted
    // 4 * 0.5, and what is left of omega
    expect(Math.abs(sd(plain.control) / 2 - 1)).toBeLessThan(SPREAD + 0.02)
    const byArm = many.map((one) => ({ ...one, parameters: parameters(scalar('sigmaRatio', 2)) }))
    const { predicted } = armOutcomes({ ...request, trials: byArm, effects })
    expect(sd(predicted.treated) / sd(predicted.control)).toBeGreaterThan(1.8)
  })

  it('spreads them wider where the levels of trials differ (negative control)', () => {
    const apart = many.slice(0, 12).map((one, index) => ({
      ...one,
      control: one.control.map((value) => value + (index % 2)),
      treated: one.treated.map((value) => value + (index % 2)),
    }))
    expect(sd(armOutcomes({ ...request, trials: apart, effects }).predicted.control)).toBeGreaterThan(2.5)
  })
})

describe('coefficientOutcomes', () => {
  it('is alpha + beta x under control, and delta + gamma z more under treatment, for what is prognostic and what modifies', () => {
    const columns = ['age', 'sex'].map((name, index) => ({
      name,
      covariate: name,
      centre: 0,
      scale: 1,
      isPrognostic: true,
      isModifier: index === 1,
    }))
    const variables = [scalar('alpha', 1), scalar('delta', 0.5)]
    const slopes = (name: string, values: number[]): Variable => ({
      name,
      dimensions: [{ name: 'covariate', labels: values.map(String) }],
      values: Float64Array.from({ length: drawCount * values.length }, (_, at) => values[at % values.length]),
    })
    const draws: Draws = { chainCount: 1, drawCount, variables: [...variables, slopes('beta', [2, 3]), slopes('gamma', [10])] }
    const { control, treated } = coefficientOutcomes(draws, { columns }).predict(
      Float64Array.of(0.1, 1, 0, 0),
      2,
      stream(1, 'none'),
    )
    expect([...control.subarray(0, 2)].map((value) => Number(value.toFixed(12)))).toEqual([1 + 0.2 + 3, 1])
    expect([...treated.subarray(0, 2)].map((value) => Number(value.toFixed(12)))).toEqual([1 + 0.2 + 3 + 10.5, 1.5])
  })
})

describe('outcomes as draws and summaries', () => {
  const one = (shift: number) => ({
    expected: { control: Float64Array.of(1, 2, 3, 4).map((v) => v + shift), treated: Float64Array.of(2, 3, 4, 5) },
    predicted: { control: Float64Array.of(0, 0, 9, 9), treated: Float64Array.of(1, 1, 1, 1) },
  })

  it('keep people apart', () => {
    const { variables, drawCount: count } = outcomeDraws(['ann', 'bob'], [one(0), one(10)], 2)
    expect(count).toBe(2)
    expect([...variables[0].values]).toEqual([1, 11, 2, 12, 3, 13, 4, 14])
    expect(variables.map(({ name }) => name)).toEqual([
      'expected_control',
      'expected_treated',
      'outcome_control',
      'outcome_treated',
    ])
    const [control] = outcomeSummaries(one(0))
    expect(control).toMatchObject({ arm: 'control', mean: 2.5, onePerson: { lower: 0, upper: 9 } })
  })
})

describe('effectPredictor', () => {
  const labels = ['treatment', 'treatment:age']
  const values = Float64Array.of(1, 2, 3, 4, 5, 6)
  const pooled: Draws = {
    chainCount: 1,
    drawCount: 3,
    variables: [{ name: 'mu', dimensions: [{ name: 'coefficient', labels }], values }],
  }

  it('is the sum over coefficients that effectDraws gives person by person', () => {
    const found = effectPredictor(pooled, 'average')(Float64Array.of(10, -1), 2)
    const own = [10, -1].map((age) => effectDraws(values, Float64Array.of(1, age)))
    expect([...found]).toEqual([0, 1, 2].flatMap((draw) => own.map((effects) => effects[draw])))
  })

  it('takes evenly spaced draws when fewer are wanted', () => {
    expect([...effectPredictor(pooled, 'average', undefined, 1)(Float64Array.of(0), 1)]).toEqual([1])
  })
})
