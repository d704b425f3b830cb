import { describe, expect, it } from 'vitest'
import { firstStageModel } from '../../../models/first-stage/gaussian-process.js'
import { gaussianProcessData, hyperParameters } from '../../../models/first-stage/shared/gaussian-process-data.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { DataError } from '../../../src/errors/data-error.js'
import { approximate } from '../../../src/fitting/approximate.js'
import { priorDraws } from '../../../src/fitting/prior-draws.js'
import { condition } from '../../../src/language/condition.js'
import { effectFunction } from '../../../src/numeric/effect-function.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { column } from '../made-column.js'

/** y = x1 + effect(x) (t - 1/2) + N(0, 0.5^2), two covariates. */
function simulated(seed: number, patientCount: number, effect: (x: readonly number[]) => number): TrialDesign {
  const source = stream(seed, 'gaussian-process trial')
  const covariates = Float64Array.from({ length: 2 * patientCount }, () => drawNormal(source))
  const treatment = Float64Array.from({ length: patientCount }, (_, patient) => patient % 2)
  return {
    study: `trial ${seed}`,
    columns: [column('age'), column('severity')],
    outcome: treatment.map((arm, patient) => {
      const x = [covariates[2 * patient], covariates[2 * patient + 1]]
      return x[0] + effect(x) * (arm - 0.5) + drawNormal(source, 0, 0.5)
    }),
    treatment,
    covariates,
    patientIds: Array.from(treatment, (_, patient) => `${patient}`),
  }
}

const options = firstStageModel.parseOptions({})

async function effectsOf(trial: TrialDesign, people: Float64Array, raw: object = {}) {
  const chosen = firstStageModel.parseOptions(raw)
  const { model, data } = firstStageModel.condition(trial, chosen)
  const fit = await approximate(model, data, { algorithm: 'pathfinder', seed: 1, draws: 100, proposals: 400, study: trial.study })
  const count = people.length / 2
  const predictor = firstStageModel.effects(fit.draws, trial, chosen)
  const draws = predictor.predict(people, count, stream(1, 'effects'))
  return Array.from({ length: count }, (_, person) => draws.filter((__, at) => at % count === person).sort())
}
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const grid = Float64Array.from([-1.5, -1, -0.5, 0, 0.5, 1, 1.5].flatMap((x) => [x, 0]))

describe('Gaussian process of one trial', () => {
  it('its log likelihood is the marginal likelihood that dense matrices give', () => {
    const variants = [{}, { kernel: 'matern-5/2' }, { structure: 'pairwise' }, { structure: 'additive', kernel: 'matern-5/2' }]
    for (const variant of variants) {
      const trial = simulated(1, 8, () => 1)
      const chosen = firstStageModel.parseOptions(variant)
      const { model, data } = firstStageModel.condition(trial, chosen)
      const conditioned = condition(model, data, { strict: true })
      const position = Float64Array.from({ length: conditioned.logDensity.dimension }, (_, at) => Math.sin(at) / 2)
      const { variables } = conditioned.draws(position, 1, () => stream(1))
      const values = Object.fromEntries(variables.map((one) => [one.name, one.values]))
      const expected = effectFunction(hyperParameters(chosen, values), gaussianProcessData(trial, chosen)).logMarginalLikelihood
      expect(conditioned.pointwiseLogLikelihood(position).values[0]).toBeCloseTo(expected, 8)
    }
  })

  it('where the effect is the same for all, its intervals cover it and its effects differ little between people', async () => {
    const truth = 0.5
    const trials = Array.from({ length: 8 }, (_, index) => simulated(index + 10, 60, () => truth))
    const draws = await Promise.all(trials.map((trial) => effectsOf(trial, grid)))
    const intervals = draws
      .flat()
      .map((sorted) => [sorted[Math.floor(0.025 * sorted.length)], sorted[Math.floor(0.975 * sorted.length)]])
    const coverage = (value: number) => intervals.filter(([low, high]) => low <= value && value <= high).length / intervals.length
    // people of a trial share its errors: 8 independent trials, of which P(more than 2 fail | 5%) = 0.6%
    expect(coverage(truth)).toBeGreaterThanOrEqual(6 / 8)
    // negative control: an effect 1 outcome standard deviation away
    expect(coverage(truth + 1)).toBeLessThan(0.5)
    const spreads = draws.map((people) => {
      const means = Float64Array.from(people, mean)
      return Math.max(...means) - Math.min(...means)
    })
    // the least-squares slope has standard error 0.13, which over the 3 units of the grid would be 0.3 in the mean
    expect(mean(Float64Array.from(spreads))).toBeLessThan(0.3)
  })

  it('finds an effect that is not linear, which a straight line cannot follow', async () => {
    const truth = (x: readonly number[]) => 2 * Math.cos(2 * x[0])
    const found = (await effectsOf(simulated(3, 150, truth), grid)).map(mean)
    found.forEach((effect, person) => {
      // 4 posterior standard deviations of about 0.2
      expect(Math.abs(effect - truth([grid[2 * person]]))).toBeLessThan(0.8)
    })
    const linear = await effectsOf(simulated(3, 150, truth), grid, {
      effect: { amplitude: { median: 1e-4, spread: 0.01 } },
    })
    expect(Math.max(...linear.map((draws, person) => Math.abs(mean(draws) - truth([grid[2 * person]]))))).toBeGreaterThan(1.5)
  })

  it('copes with three patients, and with a covariate that does not vary', async () => {
    const constant = simulated(4, 30, () => 1)
    constant.covariates.forEach((_, at) => {
      if (at % 2 === 1) constant.covariates[at] = 0
    })
    for (const trial of [simulated(4, 3, () => 1), constant])
      for (const draws of await effectsOf(trial, grid)) expect(draws.every(Number.isFinite)).toBe(true)
  })

  it('draws the people of one call jointly: who is the same person has the same effect in every draw', async () => {
    const trial = simulated(6, 30, ([x]) => Math.sin(2 * x))
    const people = Float64Array.from({ length: 2 * 700 }, (_, at) => (at < 2 || at >= 2 * 699 ? 0.5 : Math.sin(at)))
    for (const form of ['exact', 'basis']) {
      const chosen = firstStageModel.parseOptions({ form, effectMixture: 2 })
      const { model, data } = firstStageModel.condition(trial, chosen)
      const draws = priorDraws(model, data, { seed: 1, draws: 20 })
      const predictor = firstStageModel.effects(draws, trial, chosen)
      const effects = predictor.predict(people, 700, stream(1))
      const differences = Array.from(
        { length: predictor.drawCount },
        (_, draw) => effects[draw * 700] - effects[draw * 700 + 699],
      )
      const largest = Math.max(...differences.map(Math.abs))
      // what is added to equal variances of size 10^2 so that they can be factorised, 1e-10 of them, has a standard deviation of 1e-4
      expect(largest).toBeLessThan(1e-3)
      // negative control: another person has another effect
      expect(Math.abs(effects[1] - effects[0])).toBeGreaterThan(1e-3)
    }
  })

  it('knows the mean of effects without drawing them', () => {
    const trial = simulated(6, 30, ([x]) => Math.sin(2 * x))
    for (const form of ['exact', 'basis']) {
      const chosen = firstStageModel.parseOptions({ form, effectMixture: 4 })
      const { model, data } = firstStageModel.condition(trial, chosen)
      const predictor = firstStageModel.effects(priorDraws(model, data, { seed: 1, draws: 20 }), trial, chosen)
      const count = grid.length / 2
      const draws = predictor.predict(grid, count, stream(1))
      const means = predictor.mean?.(grid, count)
      expect(means).toHaveLength(count)
      for (let person = 0; person < count; person++) {
        const own = draws.filter((_, at) => at % count === person)
        const centre = mean(own)
        const deviation = Math.sqrt(mean(own.map((value) => (value - centre) ** 2)))
        const standardErrors = Math.abs(means![person] - centre) / (deviation / Math.sqrt(own.length))
        // 14 comparisons: family-wise error under 1e-3
        expect(standardErrors).toBeLessThan(4.1)
        // negative control: the mean of another person
        if (person > 0) expect(Math.abs(means![person] - means![person - 1])).toBeGreaterThan(0)
      }
    }
  })

  it('suggests chains as long as the size of the trial allows, unless NUTS is asked for', () => {
    const lengths = [50, 270, 500, 5000].map((count) => firstStageModel.sampling?.(options, count))
    expect(lengths.map((one) => one?.draws)).toEqual([2000, 400, 100, 100])
    expect(lengths.every((one) => one?.algorithm === 'hmc' && one.start === 'prior')).toBe(true)
    expect(firstStageModel.sampling?.(firstStageModel.parseOptions({ algorithm: 'nuts' }), 270)).toEqual({})
  })

  it('has no length scale below the shortest, and half of them above the median', () => {
    const shortestDraw = (raw: object) => {
      const { model, data } = firstStageModel.condition(
        simulated(6, 20, () => 1),
        firstStageModel.parseOptions(raw),
      )
      const draws = priorDraws(model, data, { seed: 1, draws: 4000 })
      const values = ['lengthScale', 'effectLengthScale'].flatMap((name) => [...variable(draws, name).values])
      return { least: Math.min(...values), below: values.filter((value) => value < 6).length / values.length }
    }
    const { least, below } = shortestDraw({})
    expect(least).toBeGreaterThan(0.5)
    // of 16,000: 4 standard errors
    expect(Math.abs(below - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 16_000))
    const lengthScale = { shortest: 0, median: 6, spread: 1.5 }
    const without = shortestDraw({ prognostic: { lengthScale }, effect: { lengthScale } })
    expect(without.least).toBeLessThan(0.5)
    expect(() => firstStageModel.parseOptions({ effect: { lengthScale: { median: 0.4 } } })).toThrow(/greater than the shortest/)
  })

  it('refuses a trial with one arm, and one too large, and says what to do', () => {
    const trial = simulated(5, 20, () => 1)
    const oneArm = { ...trial, treatment: new Float64Array(20) }
    expect(() => firstStageModel.condition(oneArm, options)).toThrow(DataError)
    expect(() => firstStageModel.condition(oneArm, options)).toThrow(/one arm only.*Leave the trial out/s)
    const few = firstStageModel.parseOptions({ form: 'exact', mostPatients: 10 })
    expect(() => firstStageModel.condition(trial, few)).toThrow(/20 patients.*limited to 10.*mostPatients/s)
  })
})
