import { determinant, Matrix, solve } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { firstStageModel as neuralNetwork } from '../../../models/first-stage/neural-network.js'
import { type RegressionData, regressionData } from '../../../models/first-stage/shared/regression-data.js'
import { firstStageModel as treeEnsemble } from '../../../models/first-stage/tree-ensemble.js'
import type { FirstStageModel } from '../../../src/contract/first-stage-model.js'
import type { Draws } from '../../../src/draws/draws.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import { variable } from '../../../src/draws/variable.js'
import { DataError } from '../../../src/errors/data-error.js'
import { fit } from '../../../src/fitting/fit.js'
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
  return { ...condition(model, data, { strict: true }), model, data: data as RegressionData }
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
    { effectCoefficients: 0 },
  ],
  ['tree-ensemble', treeEnsemble as FirstStageModel, { prognostic: tiny, effect: tiny }, { effectCoefficients: 0 }],
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
      const data = regressionData(trial, allocation)
      const under = (arm: number): RegressionData => {
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
  ])('%s: the log likelihood is that of normal outcomes whose mean is random with the coefficients', (__, options) => {
    const { model, data, draws, logDensity, pointwiseLogLikelihood } = conditioned(subject, options)
    const position = fillNormal(stream(3, 'position'), new Float64Array(logDensity.dimension))
    const drawn = draws(position, 1, () => unused)
    const parameters = valuesOfDraw(drawn, 0)
    const expected = denseLogLikelihood(model, parameters, data)
    expect(Math.abs(pointwiseLogLikelihood(position).values[0] / expected - 1)).toBeLessThan(ROUNDING)
    expect(Math.abs(variable(drawn, 'log_likelihood').values[0] / expected - 1)).toBeLessThan(ROUNDING)
    const wrong = denseLogLikelihood(model, { ...parameters, sigma: Float64Array.of(1.01 * parameters.sigma[0]) }, data)
    expect(Math.abs(wrong / expected - 1), 'negative control').toBeGreaterThan(1e-6)
  })

  it('draws coefficients from their distribution given the outcome and the rest', () => {
    const { model, data, draws, logDensity } = conditioned(subject, twoPart)
    const position = fillNormal(stream(3, 'position'), new Float64Array(logDensity.dimension))
    const COUNT = 4000
    const repeated = Float64Array.from({ length: COUNT * position.length }, (_, at) => position[at % position.length])
    const drawn = draws(repeated, 1, () => stream(4, 'coefficients'))
    const { mean, variance } = denseCoefficient(model, valuesOfDraw(drawn, 0), data, 'delta')
    const values = variable(drawn, 'delta').values
    const found = values.reduce((sum, value) => sum + value, 0) / COUNT
    const spread = values.reduce((sum, value) => sum + (value - found) ** 2, 0) / COUNT
    // 4 standard errors of a mean and of a variance of independent normal draws
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / COUNT))
    expect(Math.abs(spread / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / COUNT))
    const unseen = 10
    expect(Math.abs(found - 0) + Math.abs(spread / unseen ** 2 - 1), 'negative control: the prior').toBeGreaterThan(0.5)
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

  it('suggests shorter chains for larger trials, whose evaluations cost more', () => {
    const lengths = [100, 200, 500, 5000].map((count) => subject.sampling?.(subject.parseOptions(raw), count))
    expect(lengths.map((one) => one?.draws)).toEqual([1200, 1200, 480, 300])
    expect(lengths.map((one) => one?.warmup)).toEqual([400, 400, 310, 250])
  })
  it('refuses a trial with one arm', () => {
    const oneArm = { ...trial, treatment: new Float64Array(PATIENTS).fill(1) }
    expect(() => subject.condition(oneArm, twoPart)).toThrow(DataError)
    expect(() => subject.condition(oneArm, twoPart)).toThrow(/one arm only/)
  })
})

type Simulating = ReturnType<typeof compile>['model']
type DrawValues = Readonly<Record<string, Float64Array>>

const COEFFICIENTS = ['alpha', 'beta', 'delta', 'gamma', 'prognosticCoefficients', 'effectCoefficients', 'jointCoefficients']

/** Column of the design and prior standard deviation of each coefficient, found by setting it to 1 and all others to 0 in the simulator. */
function designColumns(model: Simulating, values: DrawValues, data: RegressionData) {
  const none = Object.fromEntries(COEFFICIENTS.flatMap((name) => (name in values ? [[name, values[name].map(() => 0)]] : [])))
  return Object.keys(none).flatMap((name) =>
    Array.from(none[name], (_, index) => {
      const one = none[name].map((__, at) => (at === index ? 1 : 0))
      const outcome = model.simulate?.(unused, { ...values, ...none, [name]: one, sigma: Float64Array.of(1e-14) }, data)
      return { name, column: outcome as Float64Array, scale: priorScale(name, index, values) }
    }),
  )
}

function priorScale(name: string, index: number, values: DrawValues): number {
  if (name === 'alpha' || name === 'delta') return 10
  if (name === 'beta') return 1
  if (name === 'gamma') return Math.abs(values.gammaSignedScale[0])
  const part = name.replace('Coefficients', '')
  const isTree = `${part}Cuts` in values
  const count = values[name].length
  if (!isTree) return Math.abs(values[`${part}SignedScale`][0]) / Math.sqrt(count)
  return Math.abs(values[`${part}SignedScale`][0]) * Math.sqrt((index < 2 ? 0.95 : 0.95 ** 2 / 4) / 2)
}

/** sigma^2 I + H D^2 H', `[patient, patient]`. */
function outcomeCovariance(columns: ReturnType<typeof designColumns>, sigma: number): Matrix {
  return columns.reduce(
    (sum, { column, scale }) => {
      const scaled = Matrix.columnVector(Array.from(column, (value) => scale * value))
      return Matrix.add(sum, scaled.mmul(scaled.transpose()))
    },
    Matrix.eye(PATIENTS).mul(sigma ** 2),
  )
}

function denseLogLikelihood(model: Simulating, values: DrawValues, data: RegressionData): number {
  const covariance = outcomeCovariance(designColumns(model, values, data), values.sigma[0])
  const outcome = Matrix.columnVector([...data.outcome])
  const quadratic = outcome.transpose().mmul(solve(covariance, outcome)).get(0, 0)
  return -0.5 * (quadratic + Math.log(determinant(covariance)) + PATIENTS * Math.log(2 * Math.PI))
}

/** Moments of a scalar coefficient given outcome and the rest, from the joint normal distribution of both. */
function denseCoefficient(model: Simulating, values: DrawValues, data: RegressionData, name: string) {
  const columns = designColumns(model, values, data)
  const covariance = outcomeCovariance(columns, values.sigma[0])
  const { column, scale } = columns.find((one) => one.name === name) as (typeof columns)[number]
  const shared = Matrix.columnVector(Array.from(column, (value) => scale ** 2 * value))
  const solved = solve(covariance, shared)
  const mean = solved
    .transpose()
    .mmul(Matrix.columnVector([...data.outcome]))
    .get(0, 0)
  return { mean, variance: scale ** 2 - shared.transpose().mmul(solved).get(0, 0) }
}

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
