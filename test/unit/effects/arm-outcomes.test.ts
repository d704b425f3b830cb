import { describe, expect, it } from 'vitest'
import type { Draws, Variable } from '../../../src/draws/draws.js'
import { armOutcomes } from '../../../src/effects/arm-outcomes.js'
import { effectDraws } from '../../../src/effects/effect-draws.js'
import { effectPredictor } from '../../../src/effects/effect-predictor.js'
import { stream } from '../../../src/random/stream.js'

const drawCount = 4000
const scalar = (name: string, value: number): Variable => ({
  name,
  dimensions: [],
  values: Float64Array.from({ length: drawCount }, (_, draw) => value + 1e-3 * Math.cos(draw)),
})
const trial = (alpha: number, slope: number): Draws => ({
  chainCount: 1,
  drawCount,
  variables: [
    scalar('alpha', alpha),
    { ...scalar('beta', slope), dimensions: [{ name: 'covariate', labels: ['age'] }] },
    scalar('sigma', 0.5),
  ],
})
const effects = { average: new Float64Array(drawCount).fill(2), newSetting: new Float64Array(drawCount).fill(3) }
const request = { effects, centre: 10, scale: 4, prognostic: Float64Array.of(2), stream: stream(1, 'test') }
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const sd = (values: Float64Array) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))

describe('armOutcomes', () => {
  const trials = Array.from({ length: 12 }, () => trial(0.25, 0.5))

  it('has the expected outcome alpha + beta x under control, in outcome units, and the effect more under treatment', () => {
    const { expected } = armOutcomes({ ...request, trials })!
    // 10 + 4 (0.25 + 0.5 * 2); the level of 12 trials that agree to 1e-3 has an SD of about 0.001
    expect(mean(expected.control)).toBeCloseTo(15, 1)
    expected.treated.forEach((value, draw) => {
      expect(value - expected.control[draw]).toBeCloseTo(2, 10)
    })
  })

  it('spreads the outcomes of one person as the residuals', () => {
    const { predicted } = armOutcomes({ ...request, trials })!
    // 4 * 0.5; standard error 2 / sqrt(2 * 4000) = 0.02, five of them, and the spread of levels that agree
    expect(Math.abs(sd(predicted.control) - 2)).toBeLessThan(0.12)
    expect(mean(predicted.treated) - mean(predicted.control)).toBeCloseTo(3, 0)
  })

  it('spreads them wider where the levels of trials differ (negative control)', () => {
    const apart = trials.map((_, index) => trial(index % 2, 0.5))
    expect(sd(armOutcomes({ ...request, trials: apart })!.predicted.control)).toBeGreaterThan(2.5)
  })

  it('widens or narrows the residuals of the treated arm as the model says', () => {
    const byArm = trials.map((draws) => ({ ...draws, variables: [...draws.variables, scalar('sigmaRatio', 2)] }))
    const { predicted } = armOutcomes({ ...request, trials: byArm })!
    expect(sd(predicted.treated) / sd(predicted.control)).toBeGreaterThan(1.8)
  })

  it('is not there for draws without a prognostic part', () => {
    const bare = trials.map((draws) => ({ ...draws, variables: draws.variables.filter(({ name }) => name !== 'beta') }))
    expect(armOutcomes({ ...request, trials: bare })).toBeUndefined()
    expect(armOutcomes({ ...request, trials: [] })).toBeUndefined()
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
