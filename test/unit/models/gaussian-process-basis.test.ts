import { describe, expect, it } from 'vitest'
import { firstStageModel } from '../../../models/first-stage/gaussian-process.js'
import {
  basisData,
  basisOptions,
  coefficientScales,
  functionColumns,
  trialBases,
} from '../../../models/first-stage/shared/gaussian-process-basis.js'
import { gaussianProcessData, hyperParameters } from '../../../models/first-stage/shared/gaussian-process-data.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { condition } from '../../../src/language/condition.js'
import { coefficientPosterior } from '../../../src/numeric/basis-effect-function.js'
import { effectFunction } from '../../../src/numeric/effect-function.js'
import { invertPositiveDefinite, logDeterminantPositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { column } from '../made-column.js'

/** Two continuous covariates and a binary one; the effect is a wave in the first and a product of the second and the third. */
function simulated(patientCount: number): TrialDesign {
  const source = stream(7, 'basis trial', patientCount)
  const covariates = Float64Array.from({ length: 3 * patientCount }, (_, at) =>
    at % 3 === 2 ? Number(source.uniform() < 0.5) : drawNormal(source),
  )
  const treatment = Float64Array.from({ length: patientCount }, (_, patient) => patient % 2)
  return {
    study: 'trial',
    columns: ['age', 'severity', 'sex'].map(column),
    outcome: treatment.map((arm, patient) => {
      const [age, severity, sex] = covariates.subarray(3 * patient, 3 * patient + 3)
      return Math.sin(age) + (arm - 0.5) * (Math.sin(1.5 * age) + severity * sex) + drawNormal(source, 0, 0.5)
    }),
    treatment,
    covariates,
    patientIds: Array.from(treatment, (_, patient) => `${patient}`),
  }
}

const hyper = (lengthScale: number): Record<string, Float64Array> => ({
  sigma: Float64Array.of(0.5),
  slopeScale: Float64Array.of(0.4),
  amplitude: Float64Array.of(0.8),
  pairAmplitude: Float64Array.of(0.4),
  lengthScale: new Float64Array(3).fill(lengthScale),
  effectSlopeScale: Float64Array.of(0.3),
  effectAmplitude: Float64Array.of(0.6),
  effectPairAmplitude: Float64Array.of(0.3),
  effectLengthScale: new Float64Array(3).fill(lengthScale),
})

const people = Float64Array.from([-1.5, -0.5, 0.5, 1.5].flatMap((age) => [age, 0.7, 1, age, -0.7, 0]))
const PEOPLE = 8

/** Mean effects in a basis, and those of the exact form with their standard deviations. */
function bothForms(trial: TrialDesign, raw: object, values: Record<string, Float64Array>) {
  const options = basisOptions(firstStageModel.parseOptions({ structure: 'pairwise', form: 'basis', ...raw }))
  const data = basisData(trial, options)
  const bases = trialBases(data, options)
  const columnCount = data.products.shape[0] - 1
  const posterior = coefficientPosterior(coefficientScales(options, bases, values), values.sigma[0], {
    products: data.products.values,
    columnCount,
  })
  const columns = functionColumns(bases.effect, people, PEOPLE)
  const width = columns.length / PEOPLE
  const own = posterior.mean.subarray(columnCount - width)
  const inBasis = Array.from({ length: PEOPLE }, (_, person) =>
    own.reduce((sum, value, at) => sum + value * columns[person * width + at], 0),
  )
  const exact = effectFunction(hyperParameters(options, values), gaussianProcessData(trial, options)).moments(people, PEOPLE)
  return {
    inBasis,
    mean: exact.mean,
    sd: Array.from({ length: PEOPLE }, (_, at) => Math.sqrt(exact.covariance[at * (PEOPLE + 1)])),
  }
}

function largestDifference({ inBasis, mean, sd }: ReturnType<typeof bothForms>): number {
  return Math.max(...inBasis.map((value, person) => Math.abs(value - mean[person]) / sd[person]))
}

describe('Gaussian process in a fixed basis', () => {
  it('its log likelihood is that of a normal distribution with covariance F D^2 F + sigma^2 I', () => {
    const trial = simulated(12)
    for (const raw of [{}, { kernel: 'matern-5/2' }, { structure: 'additive' }]) {
      const chosen = firstStageModel.parseOptions({ form: 'basis', basis: { order: 4 }, ...raw })
      const used = basisOptions(chosen)
      const { model, data } = firstStageModel.condition(trial, chosen)
      const conditioned = condition(model, data, { strict: true })
      const position = Float64Array.from({ length: conditioned.logDensity.dimension }, (_, at) => Math.sin(at) / 2)
      const values = Object.fromEntries(
        conditioned.draws(position, 1, () => stream(1)).variables.map((one) => [one.name, one.values]),
      )
      const bases = trialBases(data, used)
      const [prognosis, effect] = [bases.prognosis, bases.effect].map((basis) => functionColumns(basis, trial.covariates, 12))
      const [left, right] = [prognosis.length / 12, effect.length / 12]
      const scales = coefficientScales(used, bases, values)
      const covariance = Float64Array.from({ length: 144 }, (_, at) => {
        const [i, j] = [Math.floor(at / 12), at % 12]
        let sum = i === j ? values.sigma[0] ** 2 : 0
        for (let k = 0; k < left; k++) sum += prognosis[i * left + k] * prognosis[j * left + k] * scales[k] ** 2
        for (let k = 0; k < right; k++)
          sum +=
            (trial.treatment[i] - 0.5) *
            (trial.treatment[j] - 0.5) *
            effect[i * right + k] *
            effect[j * right + k] *
            scales[left + k] ** 2
        return sum
      })
      const inverse = invertPositiveDefinite(covariance, 12)
      const quadratic = inverse.reduce(
        (sum, value, at) => sum + value * trial.outcome[Math.floor(at / 12)] * trial.outcome[at % 12],
        0,
      )
      const expected = -0.5 * (quadratic + logDeterminantPositiveDefinite(covariance, 12) + 12 * Math.log(2 * Math.PI))
      // a system of 12 equations with condition number near 1e4, and y'y - c'B^-1 c, which loses as much again: 16 - 8 digits
      expect(conditioned.pointwiseLogLikelihood(position).values[0]).toBeCloseTo(expected, 7)
    }
  })

  it('agrees with the exact form on 300 patients: effects differ by less than a quarter of their posterior standard deviation', () => {
    // an interval shifted by a quarter of a standard deviation covers 94.3% instead of 95%
    const trial = simulated(300)
    const rich = { basis: { order: 16, pairDegree: 9 } }
    for (const kernel of ['squared-exponential', 'matern-5/2'])
      for (const lengthScale of [2, 4, 8])
        expect(largestDifference(bothForms(trial, { kernel, ...rich }, hyper(lengthScale)))).toBeLessThan(0.25)
    // negative control: two cosines cannot follow a wave
    expect(largestDifference(bothForms(trial, { basis: { order: 2, pairDegree: 2 } }, hyper(1)))).toBeGreaterThan(0.25)
  })

  it('takes over where the exact form ends, and says so', () => {
    const trial = simulated(60)
    const exact = firstStageModel.condition(trial, firstStageModel.parseOptions({}))
    const large = firstStageModel.condition(trial, firstStageModel.parseOptions({ mostPatients: 50 }))
    expect('products' in exact.data).toBe(false)
    expect('products' in large.data).toBe(true)
    expect(firstStageModel.describe(firstStageModel.parseOptions({}))).toMatch(
      /more than 1000 patients .*16 cosines along each covariate/,
    )
  })

  it('does not extrapolate waves: beyond its domain the smooth part stays as it is at the end', () => {
    const { prognosis } = trialBases(
      gaussianProcessData(simulated(30), firstStageModel.parseOptions({})),
      basisOptions(firstStageModel.parseOptions({})),
    )
    const rows = functionColumns(prognosis, Float64Array.from([100, 0, 0, 200, 0, 0]), 2)
    const width = rows.length / 2
    expect(rows.slice(4, width)).toEqual(rows.slice(width + 4))
  })
})
