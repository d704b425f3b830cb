/**
 * What every measure of validation needs of a trial whose patients were not used for the prediction: by randomisation, with e the share of treated patients,
 *
 *     E[y - m(x) | x, t] = mu(x) - m(x) + (t - e) tau(x)
 *
 * for any m that does not know the patient's own treatment and outcome, so that (t - e)(y - m) / {e (1 - e)} has the mean tau(x). A good m takes noise away and
 * nothing else (Nie and Wager 2021, 10.1093/biomet/asaa076, with a known propensity).
 */
import { UsageError } from '../errors/usage-error.js'

/** A number with its standard error, NaN where it cannot be computed. */
export interface Estimate {
  readonly estimate: number
  readonly standardError: number
}

/** Outcomes are turned so that larger is better, and in their own units. */
export interface HeldOutTrial {
  /** y - m(x), `[patient]` */
  readonly residual: Float64Array
  /** 0 or 1, `[patient]` */
  readonly treatment: Float64Array
  /** t - e, `[patient]` */
  readonly contrast: Float64Array
  /** e, realised. */
  readonly treatedShare: number
  /** (t - e)(y - m) / {e (1 - e)}: the effect in the mean, `[patient]`. */
  readonly pseudoEffect: Float64Array
}

/**
 * @param outcome `[patient]`, larger is better
 * @param treatment 0 or 1, `[patient]`
 * @param expected m(x), `[patient]`; 0 when left out
 * @throws UsageError when lengths differ or an arm is empty.
 */
export function heldOutTrial(outcome: Float64Array, treatment: Float64Array, expected?: Float64Array): HeldOutTrial {
  const size = outcome.length
  const treated = treatment.reduce((sum, arm) => sum + arm, 0)
  if (treatment.length !== size || (expected && expected.length !== size) || !(treated > 0 && treated < size))
    throw new UsageError({
      problem: `a held-out trial of ${size} outcomes has ${treatment.length} treatments, of which ${treated} are 1`,
      reason: 'effects are differences between two arms',
      remedy: 'Give one outcome and one treatment, 0 or 1, for each patient, with both arms present.',
    })
  const treatedShare = treated / size
  const residual = outcome.map((value, patient) => value - (expected ? expected[patient] : 0))
  const contrast = treatment.map((arm) => arm - treatedShare)
  const spread = treatedShare * (1 - treatedShare)
  const pseudoEffect = residual.map((value, patient) => (contrast[patient] * value) / spread)
  return { residual, treatment, contrast, treatedShare, pseudoEffect }
}

/** Mean and its standard error. */
export function meanOf(values: ArrayLike<number>): Estimate {
  const size = values.length
  let sum = 0
  for (let index = 0; index < size; index++) sum += values[index]
  const estimate = sum / size
  let squares = 0
  for (let index = 0; index < size; index++) squares += (values[index] - estimate) ** 2
  return { estimate, standardError: Math.sqrt(squares / (size - 1) / size) }
}

/**
 * Difference of the arms' means, treated minus control, and its standard error with a variance for each arm; NaN where an arm has fewer than two.
 * @param patients which to take; all when left out
 */
export function armDifference({ residual, treatment }: HeldOutTrial, patients?: readonly number[]): Estimate {
  const arms: [number[], number[]] = [[], []]
  const add = (patient: number): void => {
    arms[treatment[patient]].push(residual[patient])
  }
  if (patients) patients.forEach(add)
  else for (let patient = 0; patient < residual.length; patient++) add(patient)
  const [control, treated] = arms.map(meanOf)
  return {
    estimate: treated.estimate - control.estimate,
    standardError: Math.hypot(treated.standardError, control.standardError),
  }
}
