/**
 * Lasso estimates of bootstrap samples of a trial's patients, drawn within arms, with the penalty of the whole trial (Efron and Tibshirani 1993, An
 * Introduction to the Bootstrap, DOI 10.1007/978-1-4899-4541-9).
 */
import type { Stream } from '../../../src/contract/stream.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { RunError } from '../../../src/errors/run-error.js'
import type { RegressionSampler } from '../../../src/numeric/exact-regression.js'
import { penalisedRefits } from '../../../src/numeric/penalised-refits.js'
import { type PenalisedProblem, penalisedRegression } from '../../../src/numeric/penalised-regression.js'
import { drawInteger } from '../../../src/random/integer.js'
import { penalisedProblem } from './penalty.js'

/** Samples that leave some free coefficient undetermined are drawn again, but not for ever. */
const MOST_TRIES = 100

export function lassoBootstrap(trial: TrialDesign, lambda: number): RegressionSampler {
  const problem = penalisedProblem(trial, 'lasso')
  const arms = [0, 1].map((arm) => Int32Array.from(trial.treatment.keys()).filter((patient) => trial.treatment[patient] === arm))
  const refits = penalisedRefits(problem)
  const counts = new Float64Array(problem.outcome.length)
  return {
    draw(stream, coefficients, offset) {
      for (let count = 0; count < MOST_TRIES; count++) {
        resample(counts, arms, stream)
        const quick = refits.fit(refits.products(counts), counts.length)?.solve(lambda)
        const isReliable = quick && !Number.isNaN(quick.residualSquares)
        const found = isReliable ? quick : solved(chosenRows(problem, counts), lambda)
        if (!found) continue
        coefficients.set(found.coefficients, offset)
        return deviation(found.residualSquares, counts.length, found.coefficients)
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
function solved(sample: PenalisedProblem, lambda: number) {
  try {
    const coefficients = penalisedRegression(sample).solve(lambda)
    return { coefficients, residualSquares: squaredResiduals(sample, coefficients) }
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}

/** How many times each patient is drawn, `[patient]`. */
function resample(counts: Float64Array, arms: readonly Int32Array[], stream: Stream): void {
  counts.fill(0)
  for (const arm of arms) for (let count = 0; count < arm.length; count++) counts[arm[drawInteger(stream, arm.length)]]++
}

function chosenRows(problem: PenalisedProblem, counts: Float64Array): PenalisedProblem {
  const size = problem.isPenalised.length
  const design = new Float64Array(problem.design.length)
  const outcome = new Float64Array(problem.outcome.length)
  let row = 0
  counts.forEach((count, patient) => {
    for (let copy = 0; copy < count; copy++) {
      outcome[row] = problem.outcome[patient]
      design.set(problem.design.subarray(patient * size, (patient + 1) * size), row++ * size)
    }
  })
  return { ...problem, design, outcome }
}

/** Of a fit to all patients. */
export function residualDeviation(problem: PenalisedProblem, coefficients: Float64Array): number {
  return deviation(squaredResiduals(problem, coefficients), problem.outcome.length, coefficients)
}

function squaredResiduals({ design, outcome }: PenalisedProblem, coefficients: Float64Array): number {
  let squares = 0
  for (let row = 0; row < outcome.length; row++) {
    let residual = outcome[row]
    for (let k = 0; k < coefficients.length; k++) residual -= design[row * coefficients.length + k] * coefficients[k]
    squares += residual * residual
  }
  return squares
}

/** Degrees of freedom: patients less coefficients that are not 0 (Zou, Hastie and Tibshirani 2007, DOI 10.1214/009053607000000127). */
function deviation(residualSquares: number, patientCount: number, coefficients: Float64Array): number {
  const used = coefficients.filter((value) => value !== 0).length
  return Math.sqrt(residualSquares / Math.max(patientCount - used, 1))
}
