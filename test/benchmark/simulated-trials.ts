/**
 * Simulated first-stage results: estimates b_j ~ N(theta_j, S_j), theta_j ~ N(mu, tau^2 (0.5 I + 0.5 J)), with S_j the covariance of a
 * least-squares fit to 150 to 420 patients.
 */
import { inverse, Matrix } from 'ml-matrix'
import type { NumericArray } from '../../src/contract/model.js'
import type { Stream } from '../../src/contract/stream.js'
import { choleskyInPlace } from '../../src/numeric/cholesky.js'
import { standardNormal } from '../../src/random/standard-normal.js'
import { stream } from '../../src/random/stream.js'
import { once } from './once.js'

export const TRIAL_COUNT = 10
export const COEFFICIENT_COUNT = 11

const SEED = 20_240_602
const HETEROGENEITY = 0.3

export interface SimulatedTrials {
  /** `[trial, coefficient]` */
  readonly estimate: NumericArray
  /** S_j, `[trial, coefficient, coefficient]` */
  readonly covariance: NumericArray
  /** W_j with W_j' W_j = S_j^-1, lower triangular, `[trial, coefficient, coefficient]` */
  readonly whitening: NumericArray
}

export const simulateTrials = once<SimulatedTrials>(() => trialsOfSize(TRIAL_COUNT, COEFFICIENT_COUNT))

/** The same for other numbers of trials and coefficients; of more than 10 trials, sizes begin again. */
export function trialsOfSize(trialCount: number, size: number): SimulatedTrials {
  const source = stream(SEED, 'benchmark', 'trials')
  const trials = Array.from({ length: trialCount }, (_, trial) => simulateTrial(source, 150 + 30 * (trial % 10), size))
  const square = [trialCount, size, size]
  return {
    estimate: stack(
      trials.map(({ estimate }) => estimate),
      [trialCount, size],
    ),
    covariance: stack(
      trials.map(({ covariance }) => covariance.to1DArray()),
      square,
    ),
    whitening: stack(
      trials.map(({ factor }) => inverse(factor).to1DArray()),
      square,
    ),
  }
}

function stack(parts: readonly (readonly number[])[], shape: readonly number[]): NumericArray {
  return { values: Float64Array.from(parts.flat()), shape }
}

function simulateTrial(source: Stream, patientCount: number, size: number) {
  const design = new Matrix(Array.from({ length: patientCount }, () => normals(source, size)))
  const information = design.transpose().mmul(design)
  const covariance = inverse(information.add(information.transpose()).mul(0.5))
  const symmetric = covariance.clone().add(covariance.transpose()).mul(0.5)
  const flat = Float64Array.from(symmetric.to1DArray())
  choleskyInPlace(flat, size)
  const factor = new Matrix(size, size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) factor.set(row, column, flat[row * size + column])
  const shared = standardNormal(source)
  const theta = normals(source, size).map((z, k) => 0.5 / (1 + k) + HETEROGENEITY * Math.SQRT1_2 * (shared + z))
  const error = factor.mmul(Matrix.columnVector(normals(source, size))).to1DArray()
  return { estimate: theta.map((value, k) => value + error[k]), covariance: symmetric, factor }
}

function normals(source: Stream, count: number): number[] {
  return Array.from({ length: count }, () => standardNormal(source))
}
