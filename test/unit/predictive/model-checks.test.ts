import { describe, expect, it } from 'vitest'
import { firstStageModel } from '../../../models/first-stage/linear.js'
import { type CalibrationAlgorithm, planCalibration } from '../../../src/criticism/calibration-replicate.js'
import { leaveOneOut } from '../../../src/criticism/leave-one-out.js'
import { predictiveCheck } from '../../../src/criticism/predictive-check.js'
import { predictiveDraws } from '../../../src/criticism/predictive-draws.js'
import { priorSensitivity } from '../../../src/criticism/prior-sensitivity.js'
import { flat } from '../../../src/distributions/flat.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { variable } from '../../../src/draws/variable.js'
import { fit, fitConditioned } from '../../../src/fitting/fit.js'
import { priorDraws } from '../../../src/fitting/prior-draws.js'
import { condition } from '../../../src/language/condition.js'
import { logDensities } from '../../../src/language/log-densities.js'
import { model } from '../../../src/language/model.js'
import { topLevelParameters } from '../../../src/language/top-level-parameters.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { eightSchools, type Schools } from '../../statistical/calibration/cases.js'
import { exactLoo, observations } from './conjugate-normal.js'

const schools = eightSchools()

/** y ~ N(mu, 1), mu ~ N(0, 2). */
const conjugate = model({
  name: 'conjugate',
  parameters: (_data: { y: Float64Array }) => ({ mu: normal(0, 2) }),
  logLikelihood: ({ mu }, { y }) => normalLogProbability(y, mu, 1),
  simulate: (source, { mu }, { y }) => y.map(() => drawNormal(source, mu[0], 1)),
  outcome: ({ y }) => y,
  withOutcome: (_data, y) => ({ y }),
})
const data = { y: observations(30) }
const fitted = await fit(conjugate, data, { seed: 1, warmup: 300, draws: 500 })

describe('logDensities', () => {
  it('of positions: log likelihood and log prior, with the Jacobian, are the log density', () => {
    // theta non-centred: its log prior given mu and tau has another Jacobian, 8 log tau, than its z.
    const conditioned = condition(schools.model, schools.data)
    const { dimension } = conditioned.logDensity
    const source = stream(1)
    const positions = Float64Array.from({ length: 5 * dimension }, () => 2 * source.uniform() - 1)
    const draws = conditioned.draws(positions, 1, () => stream(1))
    const densities = logDensities(schools.model, schools.data, draws)
    const [likelihood, prior] = densities.variables.map(({ values }) => values)
    const tau = variable(draws, 'tau').values
    const differences = Array.from({ length: 5 }, (_, row) => {
      const logDensity = conditioned.logDensity.valueAndGradient(
        positions.subarray(row * dimension, (row + 1) * dimension),
        new Float64Array(dimension),
      )
      const sum = (values: Float64Array, size: number) =>
        values.subarray(row * size, (row + 1) * size).reduce((total, value) => total + value, 0)
      return logDensity - sum(likelihood, 8) - sum(prior, 3) - (1 + 8) * Math.log(tau[row])
    })
    for (const difference of differences) expect(difference).toBeCloseTo(0, 10)
    expect(likelihood).toEqual(conditioned.pointwiseLogLikelihood(positions).values)
    expect(variable(densities, 'log_prior').dimensions[0].labels).toEqual(['mu', 'tau', 'theta'])
  })
  it('refuses draws of other data', () => {
    const four = { effect: schools.data.effect.slice(0, 4), error: schools.data.error.slice(0, 4) }
    const draws = priorDraws(schools.model, schools.data, { seed: 1, draws: 3 })
    const changed = { ...draws, variables: draws.variables.map((each) => (each.name === 'mu' ? { ...each, name: 'nu' } : each)) }
    expect(() => logDensities(schools.model, four, changed)).toThrow(/no variable "mu"/)
    const wide = draws.variables.map((each) => (each.name === 'tau' ? { ...draws.variables[2], name: 'tau' } : each))
    expect(() => logDensities(schools.model, schools.data, { ...draws, variables: wide })).toThrow(
      /"tau" has 8 elements in the draws and 1/,
    )
  })
})

describe('priorDraws', () => {
  it('have the moments of priors with arguments of every kind: numbers, names, arrays and functions', () => {
    const nested = model({
      name: 'nested',
      parameters: (_data: object) => ({
        spread: halfNormal(2),
        centre: normal([1, -1], 0.5, { shape: [2] }),
        value: normal('centre', (given) => given.spread.mul(3), { shape: [3, 2] }),
      }),
      logLikelihood: ({ value }) => value,
    })
    const count = 4000
    const draws = priorDraws(nested, {}, { seed: 1, draws: count })
    const [spread, centre, value] = draws.variables.map(({ values }) => values)
    expect(variable(draws, 'value').dimensions.map(({ labels }) => labels.length)).toEqual([3, 2])
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, each) => sum + each, 0) / values.length
    const within = (found: number, expected: number, sd: number) =>
      expect(Math.abs(found - expected)).toBeLessThan((4 * sd) / Math.sqrt(count))
    within(mean(spread), 2 * Math.sqrt(2 / Math.PI), 2)
    within(mean(centre.filter((_, index) => index % 2 === 1)), -1, 0.5)
    // Standardised by the parameters that it depends on, every element is standard normal.
    for (let element = 0; element < 6; element++) {
      const standard = Array.from(
        spread,
        (scale, row) => (value[row * 6 + element] - centre[row * 2 + (element % 2)]) / (3 * scale),
      )
      within(mean(standard), 0, 1)
      within(mean(standard.map((z) => z * z)), 1, Math.SQRT2)
    }
  })
  it('are refused for flat priors, which are named', () => {
    const improper = model({ name: 'improper', parameters: () => ({ a: flat(), b: normal(0, 1) }), logLikelihood: ({ a }) => a })
    expect(() => priorDraws(improper, {}, { seed: 1 })).toThrow(
      /model "improper" has no prior to draw from: "a" has a flat prior/,
    )
  })
})

describe('topLevelParameters', () => {
  it('are those whose prior depends on no other', () => {
    expect(topLevelParameters(schools.model, schools.data)).toEqual(['mu', 'tau'])
  })
})

describe('leaveOneOut', () => {
  it('is exact for a conjugate model within four Monte Carlo standard errors', () => {
    const { pointwise } = leaveOneOut(conjugate, data, fitted.draws)
    const exact = exactLoo(data.y, 2)
    pointwise.elpd.forEach((elpd, index) => {
      expect(Math.abs(elpd - exact[index])).toBeLessThan(4 * pointwise.mcse[index])
    })
  })
  it('refuses weighted draws', () => {
    const weighted = { ...fitted.draws, logWeights: new Float64Array(2000) }
    expect(() => leaveOneOut(conjugate, data, weighted)).toThrow(/carry weights/)
  })
})

describe('predictiveCheck', () => {
  it('finds nothing wrong with a model that made the data, before and after the fit', () => {
    const posterior = predictiveCheck(conjugate, data, { seed: 1, draws: fitted.draws })
    expect(posterior.kind).toBe('posterior')
    for (const { pValue } of posterior.rows) expect(pValue).toBeGreaterThan(0.02)
    expect(posterior.looPit?.uniformity.pValue).toBeGreaterThan(0.02)
    const prior = predictiveCheck(conjugate, data, { seed: 1 })
    expect(prior.kind).toBe('prior')
    expect(prior.looPit).toBeUndefined()
    expect(prior.replicated.drawCount).toBe(1000)
    // Prior predictive means are N(0, 4 + 1/30).
    expect(prior.rows[0].upper).toBeCloseTo(1.96 * 2, 0)
  })
  it('negative control: finds an outlier in the maximum, and a spread that the model does not have', async () => {
    const wrong = { y: Float64Array.from(data.y, (value, index) => (index === 3 ? 9 : value)) }
    const { draws } = await fit(conjugate, wrong, { seed: 1, chains: 2, warmup: 200, draws: 300 })
    const { rows } = predictiveCheck(conjugate, wrong, { seed: 1, draws })
    expect(rows.find(({ name }) => name === 'maximum')?.pValue).toBeLessThan(0.01)
    const narrow = { y: data.y.map((value) => 0.5 + 0.2 * (value - 0.5)) }
    const narrowFit = await fit(conjugate, narrow, { seed: 1, chains: 2, warmup: 200, draws: 300 })
    const check = predictiveCheck(conjugate, narrow, { seed: 1, draws: narrowFit.draws })
    expect(check.rows.find(({ name }) => name === 'sd')?.pValue).toBeLessThan(0.01)
    expect(check.looPit?.uniformity.pValue).toBeLessThan(0.01)
  })
  it('takes quantities of the user, and an outcome when the model does not name it', () => {
    const { outcome: _, ...nameless } = conjugate
    expect(() => predictiveCheck(nameless, data, { seed: 1, draws: fitted.draws })).toThrow(
      /does not say what in its data is the outcome/,
    )
    const quantities = { first: (y: Float64Array) => y[0] }
    const { rows } = predictiveCheck(nameless, data, { seed: 1, draws: fitted.draws, observed: data.y, quantities })
    expect(rows).toHaveLength(1)
    expect(rows[0].observed).toBe(data.y[0])
    expect(() => predictiveCheck(conjugate, data, { seed: 1, observed: Float64Array.of(1) })).toThrow(
      /1 values and a replicated one 30/,
    )
  })
  it('gives the replicates of a chain whichever other chains there are, and the same for the same seed', () => {
    const first = {
      ...fitted.draws,
      chainCount: 1,
      variables: [{ ...fitted.draws.variables[0], values: fitted.draws.variables[0].values.slice(0, 500) }],
    }
    const all = predictiveDraws(conjugate, data, fitted.draws, { seed: 2 }).variables[0].values
    expect(predictiveDraws(conjugate, data, first, { seed: 2 }).variables[0].values).toEqual(all.slice(0, 500 * 30))
    expect(predictiveDraws(conjugate, data, fitted.draws, { seed: 3 }).variables[0].values).not.toEqual(all)
  })
  it('refuses a model that cannot simulate', () => {
    const { simulate: _, ...silent } = conjugate
    expect(() => predictiveDraws(silent, data, fitted.draws, { seed: 1 })).toThrow(/model "conjugate" has no simulate/)
    expect(() => planCalibration({ model: silent, data }, { seed: 1 })).toThrow(/has no simulate/)
  })
})

describe('priorSensitivity', () => {
  it('finds a conflict where prior and data disagree, and none where they agree', async () => {
    const far = { y: data.y.slice(0, 10).map((value) => value + 20) }
    const { draws } = await fit(conjugate, far, { seed: 1, chains: 2, warmup: 200, draws: 500 })
    expect(priorSensitivity(conjugate, far, draws).rows[0]).toMatchObject({ name: 'mu', diagnosis: 'prior-data conflict' })
    expect(priorSensitivity(conjugate, data, fitted.draws).rows[0]).toMatchObject({ name: 'mu', diagnosis: 'none' })
  })
  it('scales the priors that depend on no other, or those that are named', async () => {
    const { draws } = await fit(schools.model, schools.data as Schools, { seed: 1, chains: 2, warmup: 300, draws: 300 })
    const byDefault = priorSensitivity(schools.model, schools.data, draws)
    expect(byDefault).toEqual(priorSensitivity(schools.model, schools.data, draws, { scaled: ['mu', 'tau'] }))
    const onlyMu = priorSensitivity(schools.model, schools.data, draws, { scaled: ['mu'] })
    const tauRow = (result: typeof byDefault) => result.rows.find(({ name }) => name === 'tau')!
    expect(tauRow(onlyMu).prior).toBeLessThan(tauRow(byDefault).prior)
    expect(() => priorSensitivity(schools.model, schools.data, draws, { scaled: ['nu'] })).toThrow(/no parameter "nu"/)
  })
})

describe('planCalibration', () => {
  const { model: linear, data: trial } = firstStageModel.condition(
    {
      study: '1',
      columns: [],
      outcome: Float64Array.from({ length: 12 }, (_, patient) => Math.sin(patient)),
      treatment: Float64Array.from({ length: 12 }, (_, patient) => patient % 2),
      covariates: new Float64Array(0),
      patientIds: [],
    },
    firstStageModel.parseOptions({ prior: 'flat' }),
  )
  it('refuses flat priors with the reason', () => {
    expect(() => planCalibration({ model: linear, data: trial }, { seed: 1 })).toThrow(
      /"alpha", "delta" have a flat prior .*not a probability/,
    )
  })
  it('gives a replicate whichever others are carried out, with a rank for every parameter, the log likelihood and what the user adds', async () => {
    const quantities = ({ mu }: Readonly<Record<string, Float64Array>>) => ({ square: mu[0] ** 2 })
    const run = () => planCalibration({ model: conjugate, data }, { seed: 3, quantities })
    const { seconds: _, ...alone } = await run()(2)
    const together = run()
    await together(0)
    expect(await together(2)).toMatchObject(alone)
    expect(Object.keys(alone.ranks)).toEqual(['mu', 'log_likelihood', 'square'])
    expect(alone.effectiveSampleSize).toBeGreaterThanOrEqual(63)
  })
  it('ranks by size what has no sign, so that a chain on one side is not blamed (negative control: with its sign it is)', async () => {
    const positive = model({
      name: 'scale',
      parameters: (_data: { y: Float64Array }) => ({ scale: normal(0, 2) }),
      logLikelihood: ({ scale }, { y }) => normalLogProbability(y, 0, scale.square().add(0.01).sqrt()),
      simulate: (source, { scale }, { y }) => y.map(() => drawNormal(source, 0, Math.sqrt(scale[0] ** 2 + 0.01))),
      outcome: ({ y }) => y,
      withOutcome: (_data, y) => ({ y }),
    })
    const algorithm: CalibrationAlgorithm = async (conditioned, request) => {
      const { draws } = await fitConditioned(conditioned, { ...request, chains: 1, warmup: 200, draws: request.drawCount })
      return { draws: { ...draws, variables: draws.variables.map((one) => ({ ...one, values: one.values.map(Math.abs) })) } }
    }
    const ranks = async (isSignless: (name: string) => boolean) => {
      const run = planCalibration({ model: positive, data: { y: new Float64Array(20) }, isSignless }, { seed: 2, algorithm })
      return Promise.all(Array.from({ length: 12 }, async (_, replicate) => (await run(replicate)).ranks.scale))
    }
    const lowest = (all: readonly number[]) => all.filter((rank) => rank === 0).length
    expect(lowest(await ranks(() => false))).toBeGreaterThan(3)
    expect(lowest(await ranks(() => true))).toBeLessThan(3)
  })
})
