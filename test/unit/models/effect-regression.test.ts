import { describe, expect, it } from 'vitest'
import { firstStageModel as neuralNetwork } from '../../../models/first-stage/neural-network.js'
import { type EffectData, effectData } from '../../../models/first-stage/shared/effect-data.js'
import { firstStageModel as treeEnsemble } from '../../../models/first-stage/tree-ensemble.js'
import type { FirstStageModel } from '../../../src/contract/first-stage-model.js'
import type { Draws } from '../../../src/draws/draws.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import { variable } from '../../../src/draws/variable.js'
import { DataError } from '../../../src/errors/data-error.js'
import { fit } from '../../../src/fit.js'
import { condition } from '../../../src/language/condition.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'
import { smallTrial } from './small-trial.js'

const PATIENTS = 20
const trial = smallTrial(PATIENTS)
const DRAWS = 6
/** Modifiers of four people: age, sex. */
const people = Float64Array.of(0, 0, 1.5, 0, -1, 1, 0.2, 1)
const PEOPLE = 4
const unused = stream(1, 'unused')

const compile = (subject: FirstStageModel, options: unknown) => {
  const { model, data } = subject.condition(trial, options)
  return { ...condition(model, data, { strict: true }), model, data: data as EffectData }
}
const compiled = new Map<unknown, ReturnType<typeof compile>>()

/** Compiled once for each value of options. */
function conditioned(subject: FirstStageModel, options: unknown): ReturnType<typeof compile> {
  const found = compiled.get(options) ?? compile(subject, options)
  compiled.set(options, found)
  return found
}

/** Draws at random positions, `[1, DRAWS]`. */
function someDraws(subject: FirstStageModel, options: unknown): Draws {
  const { draws, logDensity } = conditioned(subject, options)
  return draws(fillNormal(stream(2, 'positions'), new Float64Array(DRAWS * logDensity.dimension)), 1, () => unused)
}

const withValues = (draws: Draws, values: Readonly<Record<string, number>>): Draws => ({
  ...draws,
  variables: draws.variables.map((one) =>
    one.name in values ? { ...one, values: one.values.map(() => values[one.name]) } : one,
  ),
})

/** About a hundred operations on numbers below 100. */
const ROUNDING = 1e-11
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, at) => Math.abs(value - b[at])))

const tiny = { trees: 2, depth: 2 }
const cases: [string, FirstStageModel, Record<string, unknown>, Record<string, number>][] = [
  [
    'neural-network',
    neuralNetwork as FirstStageModel,
    { prognostic: { width: 3 }, effect: { width: 2, depth: 2 } },
    { effectOutput: 0 },
  ],
  ['tree-ensemble', treeEnsemble as FirstStageModel, { prognostic: tiny, effect: tiny }, { effectContrasts: 0 }],
]

describe.each(cases)('%s', (_, subject, raw, noFunction) => {
  const twoPart = subject.parseOptions(raw)
  const sLearner = subject.parseOptions({ ...raw, form: 's-learner', allocation: 0.4 })

  it.each([
    ['two parts', twoPart, 'observed'],
    ['one function', sLearner, 0.4],
  ] as const)(
    '%s: the effect of a patient is the difference between the mean outcomes with and without treatment',
    (__, options, allocation) => {
      const drawn = someDraws(subject, options)
      const { model } = conditioned(subject, options)
      const data = effectData(trial, allocation)
      const under = (arm: number): EffectData => {
        const centredTreatment = data.centredTreatment.map(() => (arm === 1 ? data.treated : data.control))
        const values = data.modifiersAndTreatment.values.map((value, at) => (at % 3 === 2 ? centredTreatment[0] : value))
        return { ...data, centredTreatment, modifiersAndTreatment: { ...data.modifiersAndTreatment, values } }
      }
      const effects = subject.effects(drawn, trial, options).predict(data.modifiers.values, PATIENTS, unused)
      for (let draw = 0; draw < DRAWS; draw++) {
        const parameters = { ...valuesOfDraw(drawn, draw), sigma: Float64Array.of(1e-12) }
        const outcome = (arm: number) => model.simulate?.(unused, parameters, under(arm)) as Float64Array
        const [treated, control] = [outcome(1), outcome(0)]
        const own = effects.subarray(draw * PATIENTS, (draw + 1) * PATIENTS)
        expect(
          largestDifference(
            treated.map((value, patient) => value - control[patient]),
            own,
          ),
        ).toBeLessThan(ROUNDING)
      }
      expect(Math.max(...effects) - Math.min(...effects), 'negative control').toBeGreaterThan(0.01)
    },
  )

  it.each([
    ['two parts', twoPart],
    ['one function', sLearner],
  ])('%s: the log likelihood is that of normal errors around the simulated mean', (__, options) => {
    const { model, data, draws, logDensity, pointwiseLogLikelihood } = conditioned(subject, options)
    const position = fillNormal(stream(3, 'position'), new Float64Array(logDensity.dimension))
    const drawn = draws(position, 1, () => unused)
    const parameters = valuesOfDraw(drawn, 0)
    const [sigma] = parameters.sigma
    const mean = model.simulate?.(unused, { ...parameters, sigma: Float64Array.of(1e-12) }, data) as Float64Array
    const expected = mean.map(
      (value, patient) => -0.5 * ((trial.outcome[patient] - value) / sigma) ** 2 - Math.log(sigma * Math.sqrt(2 * Math.PI)),
    )
    const found = pointwiseLogLikelihood(position).values
    const scale = 1 + Math.max(...found.map(Math.abs))
    expect(largestDifference(found, expected) / scale).toBeLessThan(ROUNDING)
    const total = expected.reduce((sum, value) => sum + value, 0)
    expect(Math.abs(variable(drawn, 'log_likelihood').values[0] - total) / (PATIENTS * scale)).toBeLessThan(ROUNDING)
  })

  it('is linear in the modifiers where its effect function is zero, and constant where the interactions are too', () => {
    const drawn = someDraws(subject, twoPart)
    const effectsOf = (draws: Draws) => subject.effects(draws, trial, twoPart).predict(people, PEOPLE, unused)
    const delta = variable(drawn, 'delta').values
    const gamma = variable(drawn, 'gamma').values
    const linear = Float64Array.from({ length: DRAWS * PEOPLE }, (__, at) => {
      const [draw, person] = [Math.floor(at / PEOPLE), at % PEOPLE]
      return delta[draw] + gamma[2 * draw] * people[2 * person] + gamma[2 * draw + 1] * people[2 * person + 1]
    })
    expect(largestDifference(effectsOf(withValues(drawn, noFunction)), linear)).toBeLessThan(ROUNDING)
    const constant = effectsOf(withValues(drawn, { ...noFunction, gamma: 0 }))
    constant.forEach((effect, at) => {
      expect(effect).toBe(delta[Math.floor(at / PEOPLE)])
    })
    expect(largestDifference(effectsOf(drawn), linear), 'negative control').toBeGreaterThan(0.01)
  })

  it('is judged by residual standard deviation, log likelihood and the effects it predicts, not by weights', () => {
    const drawn = someDraws(subject, twoPart)
    const names = ['a', 'b', 'c', 'd']
    const identified = subject.identified?.(drawn, trial, twoPart, { names, modifiers: people }) as Draws
    expect(identified.variables.map(({ name }) => name)).toEqual(['sigma', 'log_likelihood', 'expected_effect'])
    expect(variable(identified, 'expected_effect').values).toEqual(
      subject.effects(drawn, trial, twoPart).predict(people, PEOPLE, unused),
    )
  })

  it('refuses a trial with one arm', () => {
    const oneArm = { ...trial, treatment: new Float64Array(PATIENTS).fill(1) }
    expect(() => subject.condition(oneArm, twoPart)).toThrow(DataError)
    expect(() => subject.condition(oneArm, twoPart)).toThrow(/one arm only/)
  })
})

const SIMULATIONS = 4
const EFFECT = 0.6
const sampling = { chains: 1, warmup: 120, draws: 200, maximumTreeDepth: 5 }

/** 95% intervals of the effects of people in each of several simulated trials, `[simulation][person]`. */
async function intervals(subject: FirstStageModel, raw: unknown): Promise<{ lower: number; upper: number; sd: number }[][]> {
  const options = subject.parseOptions(raw)
  const results: { lower: number; upper: number; sd: number }[][] = []
  for (let seed = 1; seed <= SIMULATIONS; seed++) {
    const simulated = smallTrial(60, { seed, effect: () => EFFECT })
    const { model, data } = subject.condition(simulated, options)
    const { draws } = await fit(model, data, { ...sampling, seed })
    const effects = subject.effects(draws, simulated, options).predict(people, PEOPLE, unused)
    results.push(Array.from({ length: PEOPLE }, (_, person) => summary(effects.filter((__, at) => at % PEOPLE === person))))
  }
  return results
}

function summary(values: Float64Array): { lower: number; upper: number; sd: number } {
  const sorted = values.slice().sort()
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return { lower: sorted[Math.floor(0.025 * values.length)], upper: sorted[Math.ceil(0.975 * values.length) - 1], sd }
}

describe.each(cases)('%s, where the effect is the same for all', (_, subject, raw) => {
  it('gives intervals that cover it', async () => {
    const found = await intervals(subject, raw)
    const covering = (shift: number) =>
      [0, 1, 2, 3].map(
        (person) =>
          found.filter(
            (people) =>
              people[person].lower - shift * people[person].sd <= EFFECT &&
              EFFECT <= people[person].upper - shift * people[person].sd,
          ).length,
      )
    // binomial(4, 0.95): below 2 with probability 0.0005 for each of the 4 people
    for (const count of covering(0)) expect(count).toBeGreaterThanOrEqual(2)
    // shifted by 5 posterior standard deviations
    for (const count of covering(5)) expect(count, 'negative control').toBeLessThan(2)
  })
})
