/**
 * The regression of one trial with all treatment-covariate interactions, y = alpha + beta'x + delta t + gamma'(t x) + error, as a design
 * matrix, and its least-squares estimate of (delta, gamma).
 */
import type { TrialDesign, TrialEstimate, TrialSummary } from '../contract/trial.js'
import { DataError } from '../errors/data-error.js'
import { type LeastSquaresFit, ordinaryLeastSquares } from './ordinary-least-squares.js'

export interface TrialRegressionDesign {
  /** `[patient, coefficient]`, row-major: intercept, prognostic covariates, treatment, treatment x modifiers. */
  readonly values: Float64Array
  readonly coefficientCount: number
  /** `alpha`, `beta[age]`, ..., `delta`, `gamma[age]`, ... */
  readonly coefficientNames: readonly string[]
  /** Position of delta; gamma follows it. */
  readonly treatmentIndex: number
}

export function trialRegressionDesign(trial: TrialDesign): TrialRegressionDesign {
  const prognostic = trial.columns.flatMap((column, index) => (column.isPrognostic ? [index] : []))
  const modifiers = trial.columns.flatMap((column, index) => (column.isModifier ? [index] : []))
  const treatmentIndex = 1 + prognostic.length
  const coefficientCount = treatmentIndex + 1 + modifiers.length
  const values = new Float64Array(trial.outcome.length * coefficientCount)
  for (let patient = 0; patient < trial.outcome.length; patient++) {
    const row = patient * coefficientCount
    const covariates = patient * trial.columns.length
    const treatment = trial.treatment[patient]
    values[row] = 1
    prognostic.forEach((column, index) => {
      values[row + 1 + index] = trial.covariates[covariates + column]
    })
    values[row + treatmentIndex] = treatment
    modifiers.forEach((column, index) => {
      values[row + treatmentIndex + 1 + index] = treatment * trial.covariates[covariates + column]
    })
  }
  const label = (parameter: string) => (column: number) => `${parameter}[${trial.columns[column].name}]`
  const coefficientNames = ['alpha', ...prognostic.map(label('beta')), 'delta', ...modifiers.map(label('gamma'))]
  return { values, coefficientCount, coefficientNames, treatmentIndex }
}

const computed = new WeakMap<TrialDesign, LeastSquaresFit>()

/** Least squares with all interactions, coefficients as in `trialRegressionDesign`: computed once for each trial, whoever asks. */
export function trialRegression(trial: TrialDesign): LeastSquaresFit {
  const known = computed.get(trial)
  if (known) return known
  const fit = ordinaryLeastSquares(trialRegressionDesign(trial).values, trial.outcome)
  computed.set(trial, fit)
  return fit
}

/** `treatment`, `treatment:age` and so on: the coefficients of the treatment effect of a trial. */
export function treatmentCoefficientNames(trial: Pick<TrialDesign, 'columns'>): string[] {
  return ['treatment', ...trial.columns.filter((column) => column.isModifier).map((column) => `treatment:${column.name}`)]
}

/**
 * Ordinary least squares estimate of the coefficients of the treatment effect with its covariance.
 * @throws DataError when the design is singular or leaves no degree of freedom.
 */
export function trialEstimateByLeastSquares(trial: TrialDesign): TrialEstimate {
  const { study, outcome, summary } = trial
  if (summary)
    return {
      study,
      patientCount: outcome.length,
      coefficientNames: treatmentCoefficientNames(trial),
      ...reported(summary, study),
    }
  const { coefficientCount, treatmentIndex } = trialRegressionDesign(trial)
  const fit = trialRegression(trial)
  if (fit.rank < coefficientCount || fit.degreesOfFreedom < 1)
    throw new DataError({
      problem: `trial "${trial.study}" cannot be estimated by least squares`,
      reason: `${coefficientCount} coefficients, but its ${trial.outcome.length} patients determine only ${fit.rank} of them and leave ${fit.degreesOfFreedom} degrees of freedom`,
      remedy:
        'Leave the trial out, drop the covariates that do not vary within its arms, or use a first-stage model with priors.',
    })
  const size = coefficientCount - treatmentIndex
  const covariance = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    const start = (treatmentIndex + row) * coefficientCount + treatmentIndex
    covariance.set(fit.covariance.subarray(start, start + size), row * size)
  }
  return {
    study: trial.study,
    patientCount: trial.outcome.length,
    coefficientNames: treatmentCoefficientNames(trial),
    estimate: fit.coefficients.slice(treatmentIndex),
    covariance,
  }
}

/** @throws DataError when the site could not estimate it. */
function reported({ leastSquares }: TrialSummary, study: string) {
  if (leastSquares) return leastSquares
  throw new DataError({
    problem: `the site of trial "${study}" reports no least-squares estimate`,
    reason: 'its design is singular, or the file was made elsewhere',
    remedy: 'Leave the trial out, or use a second stage that does without.',
  })
}
