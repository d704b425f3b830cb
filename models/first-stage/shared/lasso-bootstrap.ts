/**
 * Lasso estimates of bootstrap samples of a trial's patients, drawn within arms, with the penalty of the whole trial (Efron and Tibshirani 1993, An
 * Introduction to the Bootstrap, DOI 10.1007/978-1-4899-4541-9).
 */
import type { Stream } from '../../../src/contract/stream.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { RunError } from '../../../src/errors/run-error.js'
import type { RegressionSampler } from '../../../src/numeric/exact-regression.js'
import { type PenalisedProblem, penalisedRegression } from '../../../src/numeric/penalised-regression.js'
import { drawInteger } from '../../../src/random/integer.js'
import { penalisedProblem } from './penalty.js'

/** Samples that leave some free coefficient undetermined are drawn again, but not for ever. */
const MOST_TRIES = 100

export function lassoBootstrap(trial: TrialDesign, lambda: number): RegressionSampler {
  const problem = penalisedProblem(trial, 'lasso')
  const arms = [0, 1].map((arm) => Int32Array.from(trial.treatment.keys()).filter((patient) => trial.treatment[patient] === arm))
  return {
    draw(stream, coefficients, offset) {
      for (let count = 0; count < MOST_TRIES; count++) {
        const sample = resample(problem, arms, stream)
        const solution = solved(sample, lambda)
        if (!solution) continue
        coefficients.set(solution, offset)
        return residualDeviation(sample, solution)
      }
      throw new DataError({
        problem: `the lasso cannot be refitted to bootstrap samples of trial "${trial.study}"`,
        reason: `${MOST_TRIES} samples in a row did not determine the coefficients without a penalty, so a level of a covariate must be rare`,
        remedy: 'Leave that covariate out, or use the first stage `linear` with a Laplace prior.',
      })
    },
  }
}

/** `undefined` when the sample does not determine the free coefficients. */
function solved(sample: PenalisedProblem, lambda: number): Float64Array | undefined {
  try {
    return penalisedRegression(sample).solve(lambda)
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}

function resample(problem: PenalisedProblem, arms: readonly Int32Array[], stream: Stream): PenalisedProblem {
  const size = problem.isPenalised.length
  const design = new Float64Array(problem.design.length)
  const outcome = new Float64Array(problem.outcome.length)
  let row = 0
  for (const arm of arms)
    for (let count = 0; count < arm.length; count++) {
      const patient = arm[drawInteger(stream, arm.length)]
      outcome[row] = problem.outcome[patient]
      design.set(problem.design.subarray(patient * size, (patient + 1) * size), row++ * size)
    }
  return { ...problem, design, outcome }
}

/** Degrees of freedom: patients less coefficients that are not 0 (Zou, Hastie and Tibshirani 2007, DOI 10.1214/009053607000000127). */
export function residualDeviation({ design, outcome }: PenalisedProblem, coefficients: Float64Array): number {
  let squares = 0
  for (let row = 0; row < outcome.length; row++) {
    let residual = outcome[row]
    for (let k = 0; k < coefficients.length; k++) residual -= design[row * coefficients.length + k] * coefficients[k]
    squares += residual * residual
  }
  const used = coefficients.filter((value) => value !== 0).length
  return Math.sqrt(squares / Math.max(outcome.length - used, 1))
}
