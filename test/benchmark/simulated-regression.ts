/**
 * Simulated data of one trial: y = alpha + signal(x) + noise, standard normal covariates with correlation 0.35^|k - l|.
 */
import type { NumericArray } from '../../src/contract/model.js'
import type { Stream } from '../../src/contract/stream.js'
import { standardNormal } from '../../src/random/standard-normal.js'
import { stream } from '../../src/random/stream.js'

export interface SimulatedRegression {
  /** `[patient]` */
  readonly y: Float64Array
  /** `[patient, covariate]` */
  readonly x: NumericArray
}

export interface RegressionDesign {
  readonly name: string
  readonly patientCount: number
  readonly covariateCount: number
  readonly noise: number
  /** Mean outcome of a patient with these covariates. */
  mean(covariates: Float64Array): number
}

const SEED = 20_240_601
const CORRELATION = 0.35

export function simulateRegression({ name, patientCount, covariateCount, noise, mean }: RegressionDesign): SimulatedRegression {
  const source = stream(SEED, 'benchmark', name)
  const values = new Float64Array(patientCount * covariateCount)
  const y = new Float64Array(patientCount)
  for (let patient = 0; patient < patientCount; patient++) {
    const row = values.subarray(patient * covariateCount, (patient + 1) * covariateCount)
    fillCorrelated(source, row)
    y[patient] = mean(row) + noise * standardNormal(source)
  }
  return { y, x: { values, shape: [patientCount, covariateCount] } }
}

function fillCorrelated(source: Stream, row: Float64Array): void {
  row[0] = standardNormal(source)
  const innovation = Math.sqrt(1 - CORRELATION ** 2)
  for (let k = 1; k < row.length; k++) row[k] = CORRELATION * row[k - 1] + innovation * standardNormal(source)
}

/** 2 + sum of slope times covariate. */
export function linearMean(slopes: ArrayLike<number>): (covariates: Float64Array) => number {
  return (covariates) => covariates.reduce((sum, value, index) => sum + slopes[index] * value, 2)
}

/** Interactions, a wave, a parabola and two linear terms, after Friedman 1991 (10.1214/aos/1176347963); later covariates do nothing. */
export function friedmanMean(covariates: Float64Array): number {
  const [a, b, c, d, e] = covariates
  return Math.sin(a * b) + 0.5 * c ** 2 + d + 0.5 * e
}
