/**
 * m(x) = E[y | x] over both arms of a trial, for each patient from the others: ridge regression on the covariates and the squares of those with more than two
 * values, cross-fitted, so that m never knows a patient's own treatment and outcome. Columns are standardised within the folds that are fitted, and the
 * penalty is that of one patient: a trial of any size has an m, and a poor one costs precision only (see `held-out-trial.ts`).
 */
import type { Stream } from '../contract/stream.js'
import { choleskyFactor } from '../numeric/positive-definite.js'
import { choleskySolveInPlace } from '../numeric/triangular-solve.js'

const FOLDS = 5
const PENALTY = 1

/**
 * @param covariates `[patient, column]`
 * @returns `[patient]`, in units of the outcome
 */
export function expectedOutcome(outcome: Float64Array, covariates: Float64Array, stream: Stream): Float64Array {
  const size = outcome.length
  const features = withSquares(covariates, size)
  const foldOf = randomFolds(size, Math.min(FOLDS, size), stream)
  const expected = new Float64Array(size)
  for (let fold = 0; fold < FOLDS; fold++) {
    const [inside, outside] = [true, false].map((wanted) =>
      Array.from(foldOf.keys()).filter((patient) => (foldOf[patient] === fold) === wanted),
    )
    if (inside.length === 0 || outside.length === 0) continue
    const predict = ridge(features, outcome, outside)
    for (const patient of inside) expected[patient] = predict(patient)
  }
  return expected
}

/** Balanced folds in random order, `[patient]`. */
function randomFolds(size: number, count: number, stream: Stream): Float64Array {
  const folds = Float64Array.from({ length: size }, (_, patient) => patient % count)
  for (let last = size - 1; last > 0; last--) {
    const other = Math.floor((last + 1) * stream.uniform())
    const kept = folds[last]
    folds[last] = folds[other]
    folds[other] = kept
  }
  return folds
}

/** Columns, and the squares of those that are not indicators, `[column][patient]`. */
function withSquares(covariates: Float64Array, size: number): Float64Array[] {
  const width = size === 0 ? 0 : covariates.length / size
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: size }, (_, patient) => covariates[patient * width + column]),
  ).flatMap((values) => (new Set(values).size > 2 ? [values, values.map((value) => value * value)] : [values]))
}

function ridge(
  features: readonly Float64Array[],
  outcome: Float64Array,
  patients: readonly number[],
): (patient: number) => number {
  const standardised = features.flatMap((values) => {
    const mean = average(patients, values)
    const sd = Math.sqrt(patients.reduce((sum, patient) => sum + (values[patient] - mean) ** 2, 0) / patients.length)
    return sd > 1e-12 * (Math.abs(mean) + 1) ? [{ values, mean, sd }] : []
  })
  const level = average(patients, outcome)
  const width = standardised.length
  const rowOf = (patient: number) => standardised.map(({ values, mean, sd }) => (values[patient] - mean) / sd)
  const gram = new Float64Array(width * width)
  const coefficients = new Float64Array(width)
  for (const patient of patients) {
    const row = rowOf(patient)
    for (let i = 0; i < width; i++) {
      coefficients[i] += row[i] * (outcome[patient] - level)
      for (let j = 0; j < width; j++) gram[i * width + j] += row[i] * row[j]
    }
  }
  for (let i = 0; i < width; i++) gram[i * width + i] += PENALTY
  if (width > 0) choleskySolveInPlace(choleskyFactor(gram, width), coefficients, width)
  return (patient) => rowOf(patient).reduce((sum, value, column) => sum + value * coefficients[column], level)
}

function average(patients: readonly number[], values: Float64Array): number {
  return patients.reduce((sum, patient) => sum + values[patient], 0) / patients.length
}
