/**
 * Validation of predicted effects in a trial that had no part in them, by the R-loss with the realised share e of treated patients:
 *
 *     L = mean of {y - m(x) - (t - e) effect(x)}^2,   E L = constant + e (1 - e) E {true effect - effect}^2
 *
 * for any m that does not use the patient's own y and t (METHOD 5.2); here least squares on main effects, each patient predicted by the other four fifths. Differences between methods are
 * what counts; subtracted is the loss of the best constant effect, so that 0 is no individualisation.
 */
import type { TrialDesign } from '../contract/trial.js'
import { solvePositiveDefinite } from '../numeric/positive-definite.js'

const FOLDS = 5

export interface ValidationTrial {
  /** y - m(x) and t - e, `[patient]`. */
  readonly residual: Float64Array
  readonly allocation: Float64Array
}

export function validationTrial({ outcome, treatment, covariates }: TrialDesign): ValidationTrial {
  const count = outcome.length
  const size = covariates.length / count
  const share = treatment.reduce((sum, arm) => sum + arm, 0) / count
  const residual = new Float64Array(count)
  for (let fold = 0; fold < FOLDS; fold++) {
    const coefficients = mainEffects({ outcome, covariates }, size, (patient) => patient % FOLDS !== fold)
    for (let patient = fold; patient < count; patient += FOLDS) {
      let prediction = coefficients[0]
      for (let k = 0; k < size; k++) prediction += coefficients[k + 1] * covariates[patient * size + k]
      residual[patient] = outcome[patient] - prediction
    }
  }
  return { residual, allocation: treatment.map((arm) => arm - share) }
}

/** Relative to the squares of a column: keeps a column without variation from mattering, and costs nothing else that matters here, where any m is valid. */
const RIDGE = 1e-8

/** Intercept and slopes of these patients by normal equations. */
function mainEffects(
  { outcome, covariates }: Pick<TrialDesign, 'outcome' | 'covariates'>,
  size: number,
  isKept: (patient: number) => boolean,
): Float64Array {
  const width = size + 1
  const row = new Float64Array(width).fill(1)
  const [squares, products] = [new Float64Array(width * width), new Float64Array(width)]
  for (let patient = 0; patient < outcome.length; patient++) {
    if (!isKept(patient)) continue
    row.set(covariates.subarray(patient * size, (patient + 1) * size), 1)
    for (let i = 0; i < width; i++) {
      products[i] += row[i] * outcome[patient]
      for (let j = 0; j < width; j++) squares[i * width + j] += row[i] * row[j]
    }
  }
  for (let i = 0; i < width; i++) squares[i * width + i] += RIDGE * (1 + squares[i * width + i])
  return solvePositiveDefinite(squares, products)
}

/** @param effects `[patient]`, of the first so many patients */
export function rLoss({ residual, allocation }: ValidationTrial, effects: Float64Array): number {
  let [loss, both, squares] = [0, 0, 0]
  for (let patient = 0; patient < effects.length; patient++) {
    loss += (residual[patient] - allocation[patient] * effects[patient]) ** 2
    both += residual[patient] * allocation[patient]
    squares += allocation[patient] ** 2
  }
  const constant = squares === 0 ? 0 : both / squares
  let best = 0
  for (let patient = 0; patient < effects.length; patient++) best += (residual[patient] - allocation[patient] * constant) ** 2
  return (loss - best) / effects.length
}
