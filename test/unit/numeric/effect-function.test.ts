import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { crossCovariance, type KernelFamily, variances } from '../../../src/numeric/covariance-function.js'
import { effectFunction, type HyperParameters, outcomeCovariance } from '../../../src/numeric/effect-function.js'
import { invertPositiveDefinite, logDeterminantPositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { stream } from '../../../src/random/stream.js'

const PATIENTS = 8
const source = stream(5, 'effect-function')
const normals = (count: number) => Float64Array.from({ length: count }, () => standardNormal(source))
const trial = {
  outcome: normals(PATIENTS),
  centredTreatment: Float64Array.from({ length: PATIENTS }, (_, patient) => (patient % 2) - 0.5),
  covariates: { values: normals(2 * PATIENTS) },
  modifiers: { values: normals(PATIENTS) },
}
const parametersOf = (family: KernelFamily): HyperParameters => ({
  sigma: 0.7,
  prognosis: { family, constantScale: 2, linearScale: 0.6, amplitude: 1.1, lengthScales: Float64Array.of(0.8, 3) },
  effect: { family, constantScale: 3, linearScale: 0.4, amplitude: 0.5, lengthScales: Float64Array.of(1.3) },
})
const people = Float64Array.of(-1, 0.2, 2)

/** From the definition, patient by patient, in full matrices. */
function directly({ sigma, prognosis, effect }: HyperParameters) {
  const k = (kernel: HyperParameters['effect'], a: readonly number[], b: readonly number[]) => {
    const squared = a.reduce((sum, value, index) => sum + ((value - b[index]) / kernel.lengthScales[index]) ** 2, 0)
    const d = Math.sqrt(squared)
    const smooth =
      kernel.family === 'squared-exponential'
        ? Math.exp(-squared / 2)
        : (1 + Math.sqrt(5) * d + (5 * squared) / 3) * Math.exp(-Math.sqrt(5) * d)
    const inner = a.reduce((sum, value, index) => sum + value * b[index], 0)
    return kernel.constantScale ** 2 + kernel.linearScale ** 2 * inner + kernel.amplitude ** 2 * smooth
  }
  const x = (i: number) => [...trial.covariates.values.subarray(2 * i, 2 * i + 2)]
  const z = (i: number) => [trial.modifiers.values[i]]
  const r = trial.centredTreatment
  const covariance = Float64Array.from({ length: PATIENTS ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / PATIENTS), at % PATIENTS]
    return k(prognosis, x(i), x(j)) + r[i] * r[j] * k(effect, z(i), z(j)) + (i === j ? sigma ** 2 : 0)
  })
  const inverse = invertPositiveDefinite(covariance, PATIENTS)
  const form = (left: (i: number) => number, right: (j: number) => number) =>
    inverse.reduce((sum, value, at) => sum + left(Math.floor(at / PATIENTS)) * value * right(at % PATIENTS), 0)
  const y = (i: number) => trial.outcome[i]
  const with_ = (person: number) => (i: number) => r[i] * k(effect, [person], z(i))
  return {
    covariance,
    logMarginal: -0.5 * (form(y, y) + logDeterminantPositiveDefinite(covariance, PATIENTS) + PATIENTS * Math.log(2 * Math.PI)),
    mean: Array.from(people, (person) => form(with_(person), y)),
    spread: Array.from(people, (a) => Array.from(people, (b) => k(effect, [a], [b]) - form(with_(a), with_(b)))).flat(),
  }
}

/** Two solutions of a system of 8 equations with condition number below 1e4. */
const DIGITS = 10

describe.each(['squared-exponential', 'matern-5/2'] as const)('effect function with %s covariance', (family) => {
  const parameters = parametersOf(family)
  const expected = directly(parameters)
  const found = effectFunction(parameters, trial)
  it('has the covariance matrix of the outcome that the definition gives', () => {
    outcomeCovariance(parameters, trial).forEach((value, at) => {
      expect(value).toBeCloseTo(expected.covariance[at], DIGITS)
    })
  })
  it('has the log marginal likelihood of a multivariate normal', () => {
    expect(found.logMarginalLikelihood).toBeCloseTo(expected.logMarginal, DIGITS)
  })
  it('has the conditional mean and covariance that dense matrices give', () => {
    const { mean, covariance } = found.moments(people, 3)
    mean.forEach((value, person) => {
      expect(value).toBeCloseTo(expected.mean[person], DIGITS)
    })
    covariance.forEach((value, at) => {
      expect(value).toBeCloseTo(expected.spread[at], DIGITS)
    })
    expect(found.mean(people, 3)).toEqual(mean)
  })
  it('negative control: treatment that is not centred gives other effects', () => {
    const shifted = { ...trial, centredTreatment: trial.centredTreatment.map((value) => value + 0.5) }
    const wrong = effectFunction(parameters, shifted).mean(people, 3)
    expect(Math.max(...wrong.map((value, person) => Math.abs(value - expected.mean[person])))).toBeGreaterThan(0.01)
  })
})

describe('covariance function', () => {
  it('gives on its diagonal the variances', () => {
    const kernel = parametersOf('matern-5/2').prognosis
    const cross = crossCovariance(kernel, trial.covariates.values, trial.covariates.values, [PATIENTS, PATIENTS])
    variances(kernel, trial.covariates.values, PATIENTS).forEach((value, row) => {
      expect(cross[row * (PATIENTS + 1)]).toBeCloseTo(value, 12)
    })
  })
  it('is constant without covariates', () => {
    const kernel = { ...parametersOf('matern-5/2').prognosis, lengthScales: new Float64Array(0) }
    expect([...crossCovariance(kernel, new Float64Array(0), new Float64Array(0), [1, 2])]).toEqual([4, 4])
  })
})

it('an outcome without error is refused in a sentence', () => {
  const parameters = { ...parametersOf('squared-exponential'), sigma: 0 }
  const twins = {
    ...trial,
    covariates: { values: new Float64Array(2 * PATIENTS) },
    modifiers: { values: new Float64Array(PATIENTS) },
  }
  expect(() => effectFunction(parameters, twins)).toThrow(RunError)
})
