import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors/usage-error.js'
import { stream } from '../../../src/random/stream.js'
import { type AnyFamily, scenarioFamilies, scenarioFamily } from '../../../src/simulation/families.js'
import { prognosis } from '../../../src/simulation/mainetti/effect.js'
import { simulateMainetti } from '../../../src/simulation/mainetti/family.js'
import { realisticResidualScale } from '../../../src/simulation/mainetti/variations.js'
import type { SimulatedData, SimulatedTrial } from '../../../src/simulation/scenario-family.js'
import { trialDesign } from '../../../src/simulation/trial-design.js'

/** Standard errors: two-sided 7e-6 a comparison, under 1e-3 for the file. */
const Z = 4.5

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const deviation = (values: readonly number[]) => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}
const simulate = (family: AnyFamily, id: string, replicate: number, seed = 1) =>
  family.simulate(stream(seed, 'test', family.name, id, replicate), family.scenarios.find((one) => one.id === id)!)
const dataSets = (name: string, id: string, count: number) =>
  Array.from({ length: count }, (_, replicate) => simulate(scenarioFamily(name), id, replicate))
const allTrials = ({ trainingTrials, testTrials }: SimulatedData) => [...trainingTrials, ...testTrials]
const patients = ({ outcome }: SimulatedTrial) => Array.from(outcome.keys())
const row = ({ covariates, outcome }: SimulatedTrial, patient: number) => {
  const size = covariates.length / outcome.length
  return covariates.subarray(patient * size, (patient + 1) * size)
}
/** Whether the mean of independent values is a number, at Z standard errors of theirs. */
const isMean = (values: readonly number[], expected: number) =>
  Math.abs(mean(values) - expected) < (Z * deviation(values)) / Math.sqrt(values.length)

describe.each(scenarioFamilies.map((family) => [family.name, family] as const))('family %s', (_, family) => {
  const [{ id }] = family.scenarios

  it('has scenarios of different names, and a sentence', () => {
    expect(new Set(family.scenarios.map((one) => one.id)).size).toBe(family.scenarios.length)
    expect(family.summary.length).toBeGreaterThan(20)
  })

  it('gives the same bytes for the same stream, and others for another seed, replicate or scenario', () => {
    const text = JSON.stringify(simulate(family, id, 0))
    expect(JSON.stringify(simulate(family, id, 0))).toBe(text)
    expect(JSON.stringify(simulate(family, id, 1))).not.toBe(text)
    expect(JSON.stringify(simulate(family, id, 0, 2))).not.toBe(text)
    expect(JSON.stringify(simulate(family, family.scenarios.at(-1)!.id, 0))).not.toBe(text)
  })

  it('keeps the truth of every patient: three new trials of 1000, all finite', () => {
    const data = simulate(family, id, 0)
    expect(data.testTrials.map(({ outcome }) => outcome.length)).toEqual([1000, 1000, 1000])
    for (const trial of allTrials(data)) {
      expect(trial.covariates.length).toBe(trial.outcome.length * data.covariateNames.length)
      for (const values of [trial.outcome, trial.meanEffect, trial.treatmentEffect, trial.covariates])
        expect(values.every(Number.isFinite)).toBe(true)
      expect(trial.treatment.every((arm) => arm === 0 || arm === 1)).toBe(true)
    }
  })
})

it('a design that there is not is refused with the names of those that there are', () => {
  expect(() => scenarioFamily('mainetty')).toThrow(UsageError)
  expect(() => scenarioFamily('mainetty')).toThrow(/mainetti/)
})

describe('departures from the design of Mainetti et al.', () => {
  it('are none unless asked for: number by number the design itself', () => {
    const { factors } = scenarioFamily('mainetti').scenarios[0] as { factors: Parameters<typeof simulateMainetti>[1] }
    const plain = simulateMainetti(stream(1, 'a'), factors)
    expect(JSON.stringify(simulateMainetti(stream(1, 'a'), factors, {}))).toBe(JSON.stringify(plain))
    expect(JSON.stringify(simulateMainetti(stream(1, 'a'), factors, { residualScale: 1 }))).not.toBe(JSON.stringify(plain))
  })

  it.each([3, 5, 10, 20])('trial-count: %i training trials', (count) => {
    expect(dataSets('trial-count', `linear-${count}-trials-0.2`, 1)[0].trainingTrials).toHaveLength(count)
  })

  it('modifier-heterogeneity: squared deviations from the mean function are 0.2 + 0.3^2 |x|^2 on average', () => {
    const ratios = (assumed: number) =>
      dataSets('modifier-heterogeneity', 'linear-small-trials-scale-0.3', 40).flatMap((data) =>
        allTrials(data).map((trial) => {
          const x = row(trial, 0)
          const squares = x.reduce((sum, value) => sum + value * value, 0)
          return (trial.treatmentEffect[0] - trial.meanEffect[0]) ** 2 / (0.2 + assumed ** 2 * squares)
        }),
      )
    expect(isMean(ratios(0.3), 1)).toBe(true)
    expect(isMean(ratios(0.6), 1)).toBe(false)
  })

  it('realistic-noise: the control arm varies 1 / ratio times as much as the effect', () => {
    const [data] = dataSets('realistic-noise', 'linear-large-trials-ratio-0.2', 1)
    const ratios = data.testTrials.map((trial) => {
      const control = patients(trial).filter((patient) => trial.treatment[patient] === 0)
      return deviation([...trial.meanEffect]) / deviation(control.map((patient) => trial.outcome[patient]))
    })
    /** Of a ratio of two standard deviations of 1000 and 500 nearly normal values; the constants of the design have two decimals. */
    const tolerance = 0.2 * (Z * Math.sqrt((1 / 2000 + 1 / 1000) / 3) + 0.01)
    expect(Math.abs(mean(ratios) - 0.2)).toBeLessThan(tolerance)
    expect(Math.abs(mean(ratios) - 0.3)).toBeGreaterThan(tolerance)
    const factors = { heterogeneity: 0.2, modification: 'small', trialSize: 'small', interactions: 'linear', ratio: 0.1 } as const
    expect(realisticResidualScale(factors) ** 2 + 3.62 ** 2 + 0.5).toBeCloseTo(23.3 ** 2, 8)
  })

  const residuals = (trial: SimulatedTrial) =>
    patients(trial).map(
      (patient) =>
        trial.outcome[patient] - prognosis(row(trial, patient)) - trial.treatment[patient] * trial.treatmentEffect[patient],
    )

  it('errors: half of the heavy-tailed residuals lie within 0.7649 sqrt(0.5 / 3), the quartile of t with 3 degrees of freedom', () => {
    const share = (id: string) => {
      const inside = dataSets('errors', id, 1)[0].testTrials.flatMap((trial) => {
        const own = residuals(trial)
        const middle = [...own].sort((a, b) => a - b)[500]
        return own.map((value) => Number(Math.abs(value - middle) < 0.7648923 * Math.sqrt(0.5 / 3)))
      })
      return mean(inside)
    }
    /** The median of 1000 stands for the trial's intercept: its error moves the share by second order, far below the binomial one. */
    const tolerance = Z * Math.sqrt(0.25 / 3000)
    expect(Math.abs(share('linear-small-trials-heavy-tailed') - 0.5)).toBeLessThan(tolerance)
    expect(Math.abs(share('linear-small-trials-unequal') - 0.5)).toBeGreaterThan(tolerance)
  })

  it('errors: unequal residual standard deviations lie between a half and twice the usual one, with logarithms of mean 0', () => {
    const logs = dataSets('errors', 'linear-small-trials-unequal', 10).flatMap(({ testTrials }) =>
      testTrials.map((trial) => Math.log(deviation(residuals(trial)) / Math.sqrt(0.5))),
    )
    const noise = Z / Math.sqrt(2000)
    for (const log of logs) expect(Math.abs(log)).toBeLessThan(Math.LN2 + noise)
    expect(isMean(logs, 0)).toBe(true)
    expect(deviation(logs)).toBeGreaterThan(0.2)
  })

  it('no-modification: everybody has the effect 2 on average', () => {
    for (const trial of allTrials(dataSets('no-modification', 'small-trials-0.5', 1)[0]))
      expect(trial.meanEffect.every((effect) => effect === 2)).toBe(true)
  })

  it('aberrant-trial: the last training trial alone is spoilt, its truth is not', () => {
    const family = scenarioFamily('aberrant-trial')
    for (const id of ['linear-small-trials-arms-swapped', 'linear-small-trials-outcome-tenfold']) {
      const { factors } = family.scenarios.find((one) => one.id === id)! as { factors: Parameters<typeof simulateMainetti>[1] }
      const sound = simulateMainetti(stream(3), factors)
      const spoilt = family.simulate(stream(3), { id, factors })
      expect(JSON.stringify(spoilt.trainingTrials.slice(0, 9))).toBe(JSON.stringify(sound.trainingTrials.slice(0, 9)))
      expect(JSON.stringify(spoilt.testTrials)).toBe(JSON.stringify(sound.testTrials))
      const [before, after] = [sound.trainingTrials[9], spoilt.trainingTrials[9]]
      expect([...after.treatmentEffect]).toEqual([...before.treatmentEffect])
      if (id.includes('swapped')) expect([...after.treatment]).toEqual(Array.from(before.treatment, (arm) => 1 - arm))
      else expect([...after.outcome]).toEqual(Array.from(before.outcome, (value) => 10 * value))
    }
  })
})

describe('sparse-modification (Seo et al.)', () => {
  const family = scenarioFamily('sparse-modification')

  it('has 36 scenarios: C9 has 15 covariates with 0.5 and 0.4 for x6 and x7 in 5 trials, C24 the same in 10 with tau 0.5', () => {
    expect(family.scenarios).toHaveLength(36)
    const factorsOf = (id: string) => family.scenarios.find((one) => one.id === id)!.factors
    const common = { continuousCount: 9, binaryCount: 6, modifiers: { 6: 0.5, 7: 0.4 } }
    expect(factorsOf('C9')).toMatchObject({ ...common, trialCount: 5, tau: 0.2 })
    expect(factorsOf('C24')).toMatchObject({ ...common, trialCount: 10, tau: 0.5 })
    expect(factorsOf('C35')).toMatchObject({ continuousCount: 16, binaryCount: 14, modifiers: { 15: 0.5 }, trialCount: 5 })
  })

  it('standardises covariates over the training patients', () => {
    const { trainingTrials } = simulate(family, 'C5', 0)
    for (const k of [0, 9]) {
      const values = trainingTrials.flatMap((trial) => patients(trial).map((patient) => row(trial, patient)[k]))
      expect(mean(values)).toBeCloseTo(0, 12)
      expect(deviation(values)).toBeCloseTo(1, 12)
    }
  })

  it('lets only modifiers change the effect, with slopes that vary between trials by 0.3', () => {
    const slopes = Array.from({ length: 60 }, (_, replicate) => simulate(family, 'C5', replicate)).flatMap((data) =>
      allTrials(data).map((trial) => {
        const [a, b] = [row(trial, 0), row(trial, 1)]
        return (trial.treatmentEffect[0] - trial.treatmentEffect[1]) / (a[4] - b[4])
      }),
    )
    expect(isMean(slopes, 0.5)).toBe(true)
    const spread = deviation(slopes)
    expect(Math.abs(spread - 0.3)).toBeLessThan((Z * 0.3) / Math.sqrt(2 * slopes.length))
    expect(Math.abs(spread - 0.2)).toBeGreaterThan((Z * 0.3) / Math.sqrt(2 * slopes.length))
  })
})

describe('case mix and missing covariates', () => {
  const covarianceWithMean = (id: string) =>
    dataSets('case-mix', id, 30).flatMap((data) =>
      data.testTrials.map((trial) => {
        const centre = mean(patients(trial).map((patient) => row(trial, patient)[0]))
        return (trial.treatmentEffect[0] - trial.meanEffect[0]) * centre
      }),
    )

  it('the effect goes with the mean of x1 across trials as phi says: covariance phi / 3', () => {
    expect(isMean(covarianceWithMean('phi-0.5'), 0.5 / 3)).toBe(true)
    expect(isMean(covarianceWithMean('phi-0.5'), -0.5 / 3)).toBe(false)
    expect(isMean(covarianceWithMean('phi--0.5'), -0.5 / 3)).toBe(true)
    expect(isMean(covarianceWithMean('phi-0'), 0)).toBe(true)
  })

  it('covariates from the third on are missing with the stated probability, the first two never', () => {
    const missing = dataSets('missing-covariate', '10-trials-10-covariates-0.3', 20).flatMap(({ trainingTrials }) =>
      trainingTrials.flatMap(({ unmeasured = [] }) => Array.from({ length: 10 }, (_, k) => Number(unmeasured.includes(k)))),
    )
    const of = (from: number, to: number) => missing.filter((_, at) => at % 10 >= from && at % 10 < to)
    expect(of(0, 2).every((one) => one === 0)).toBe(true)
    expect(isMean(of(2, 10), 0.3)).toBe(true)
    expect(isMean(of(2, 10), 0.1)).toBe(false)
  })

  it('a method does not see the columns of unmeasured covariates', () => {
    const data = simulate(scenarioFamily('missing-covariate'), '10-trials-5-covariates-0.3', 0)
    const trial: SimulatedTrial = { ...data.trainingTrials[0], unmeasured: [2, 4] }
    const columns = data.covariateNames.map((name) => ({
      name,
      covariate: name,
      centre: 1,
      scale: 2,
      isPrognostic: true,
      isModifier: true,
    }))
    const design = trialDesign(trial, columns)
    expect(design.columns.map(({ name }) => name)).toEqual(['x1', 'x2', 'x4'])
    expect([...design.covariates.subarray(3, 6)]).toEqual([0, 1, 3].map((k) => (row(trial, 1)[k] - 1) / 2))
  })
})
