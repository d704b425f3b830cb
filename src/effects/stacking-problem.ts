import type { PredictedTrial } from '../contract/pooling-method.js'
import type { Stream } from '../contract/stream.js'
import type { TrialDesign } from '../contract/trial.js'
import { DataError } from '../errors/data-error.js'
import { restrictedMaximumLikelihood } from '../numeric/heterogeneity.js'
import { ordinaryLeastSquares } from '../numeric/ordinary-least-squares.js'
import { trialEstimateByLeastSquares } from '../numeric/trial-regression.js'
import type { StackingProblem } from './stacking.js'

/** Patients of a trial that other trials' models are scored on: evenly spaced, so that large trials cost no more than they tell. */
const MOST_PATIENTS = 300
/** Draws of an effect that a predictive density is averaged over. */
const MOST_DRAWS = 400

/**
 * What stacking weights are to explain. A trial k is one observation for weights that are the same for everybody: its patients share a deviation u_k of the effect,
 *
 *     r_i = (t_i - e) {tau_j(x_i) + u_k} + error,   u_k ~ N(0, 2 tau^2),
 *
 * which is integrated out, with tau^2 by restricted maximum likelihood from least squares in each trial. Without it thousands of patients would vouch for the one trial
 * whose average effect happens to lie between the others'. Weights that depend on covariates are scored patient by patient, given the u_k that they imply.
 * @param usesCovariates whether weights may depend on the modifiers
 * @throws DataError when trials do not have the same modifiers, or a trial has no residual degrees of freedom.
 */
export function stackingProblem(trials: readonly PredictedTrial[], usesCovariates: boolean, stream: Stream): StackingProblem {
  requireSameModifiers(trials)
  const scored = trials.map(({ design }) => scoredPatients(design))
  const deviation = 2 * levelHeterogeneity(trials)
  const featureCount = usesCovariates ? modifierColumns(trials[0].design).length : 0
  const rowsOf = ({ residuals }: ScoredPatients) => (usesCovariates ? residuals.length : 1)
  const count = scored.reduce((sum, patients) => sum + rowsOf(patients), 0)
  const logDensities = new Float64Array(count * trials.length)
  const trialOf = new Int32Array(count)
  const features = new Float64Array(count * featureCount)
  let first = 0
  scored.forEach((patients, own) => {
    trialOf.fill(own, first, first + rowsOf(patients))
    if (usesCovariates) features.set(patients.modifiers, first * featureCount)
    trials.forEach(({ predictor }, trial) => {
      if (trial === own) return
      const effects = predictor.predict(patients.modifiers, patients.residuals.length, stream)
      logScores(patients, effects, deviation, usesCovariates).forEach((value, row) => {
        logDensities[(first + row) * trials.length + trial] = value
      })
    })
    first += rowsOf(patients)
  })
  return { trialCount: trials.length, logDensities, trialOf, features, featureCount }
}

/** tau^2 of the effect at the centre of the modifiers. */
function levelHeterogeneity(trials: readonly PredictedTrial[]): number {
  const estimates = trials.map(({ design }) => trialEstimateByLeastSquares(design))
  return restrictedMaximumLikelihood(
    Float64Array.from(estimates, ({ estimate }) => estimate[0]),
    Float64Array.from(estimates, ({ covariance }) => covariance[0]),
  )
}

interface ScoredPatients {
  /** `[patient]`, y - m(x) without the patient's own part in m. */
  readonly residuals: Float64Array
  /** t - e, `[patient]` */
  readonly centredTreatment: Float64Array
  /** `[patient, modifier]` */
  readonly modifiers: Float64Array
  readonly residualVariance: number
}

const modifierColumns = ({ columns }: TrialDesign) => columns.flatMap((column, index) => (column.isModifier ? [index] : []))

/** m: least squares on the covariates, treatment left out; leaving a patient out divides a residual by 1 - leverage. */
function scoredPatients(design: TrialDesign): ScoredPatients {
  const { outcome, treatment, covariates, columns, study } = design
  const count = outcome.length
  const width = 1 + columns.length
  const rows = new Float64Array(count * width)
  for (let patient = 0; patient < count; patient++) {
    rows[patient * width] = 1
    rows.set(covariates.subarray(patient * columns.length, (patient + 1) * columns.length), patient * width + 1)
  }
  const fit = ordinaryLeastSquares(rows, outcome)
  if (!(fit.residualVariance > 0)) throw noPrognosis(study)
  const share = treatment.reduce((sum, arm) => sum + arm, 0) / count
  const chosen = evenlySpaced(count, MOST_PATIENTS)
  const wanted = modifierColumns(design)
  return {
    residuals: Float64Array.from(chosen, (patient) => {
      const row = rows.subarray(patient * width, (patient + 1) * width)
      let [residual, leverage] = [outcome[patient], 0]
      for (let i = 0; i < width; i++) {
        residual -= row[i] * fit.coefficients[i]
        for (let j = 0; j < width; j++) leverage += (row[i] * fit.covariance[i * width + j] * row[j]) / fit.residualVariance
      }
      return residual / Math.max(1e-6, 1 - leverage)
    }),
    centredTreatment: Float64Array.from(chosen, (patient) => treatment[patient] - share),
    modifiers: Float64Array.from(
      chosen.flatMap((patient) => wanted.map((column) => covariates[patient * columns.length + column])),
    ),
    residualVariance: fit.residualVariance,
  }
}

/**
 * Log of the mean over draws of the density of all patients together, `[1]`, or of each given the deviation that all imply, `[patient]`.
 * @param effects `[draw, patient]`
 * @param deviation variance of u_k
 */
function logScores(
  { residuals, centredTreatment, residualVariance }: ScoredPatients,
  effects: Float64Array,
  deviation: number,
  byPatient: boolean,
): Float64Array {
  const size = residuals.length
  const draws = evenlySpaced(effects.length / size, MOST_DRAWS)
  const exponents = draws.map((draw) => {
    const left = residuals.map((residual, patient) => residual - centredTreatment[patient] * effects[draw * size + patient])
    let [ofTreatment, product, squares] = [0, 0, 0]
    for (let patient = 0; patient < size; patient++) {
      ofTreatment += centredTreatment[patient] ** 2
      product += centredTreatment[patient] * left[patient]
      squares += left[patient] ** 2
    }
    const shared = (deviation * product) / (residualVariance + deviation * ofTreatment)
    if (!byPatient) return Float64Array.of((-0.5 * (squares - shared * product)) / residualVariance)
    return left.map((value, patient) => (-0.5 * (value - centredTreatment[patient] * shared) ** 2) / residualVariance)
  })
  return Float64Array.from({ length: byPatient ? size : 1 }, (_, row) => {
    const largest = exponents.reduce((top, values) => Math.max(top, values[row]), Number.NEGATIVE_INFINITY)
    const total = exponents.reduce((sum, values) => sum + Math.exp(values[row] - largest), 0)
    return largest + Math.log(total / draws.length)
  })
}

function evenlySpaced(count: number, most: number): number[] {
  const wanted = Math.min(count, most)
  return Array.from({ length: wanted }, (_, index) => Math.floor(((index + 0.5) * count) / wanted))
}

function requireSameModifiers(trials: readonly PredictedTrial[]): void {
  const namesOf = ({ design }: PredictedTrial) => modifierColumns(design).map((index) => design.columns[index].name)
  const [first] = trials
  const other = trials.find((trial) => namesOf(trial).join() !== namesOf(first).join())
  if (!other) return
  throw new DataError({
    problem: `the trials "${first.design.study}" and "${other.design.study}" do not have the same modifiers`,
    reason: "stacking scores each trial's model on the patients of the others",
    remedy: 'Use other weights, or leave out the modifiers that not all trials have measured.',
  })
}

function noPrognosis(study: string): DataError {
  return new DataError({
    problem: `the prognosis of the patients of trial "${study}" cannot be estimated by least squares`,
    reason: 'its covariates are constant or combinations of each other, or leave no degree of freedom',
    remedy: 'Use other weights than stacking, or leave the trial out.',
  })
}
