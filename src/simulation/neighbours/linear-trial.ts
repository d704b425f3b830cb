/**
 * A trial whose prognosis and effect are linear in the covariates x of a patient:
 *
 *     y = intercept + slopes'x + t (effect + modification'x) + residual,   t ~ Bernoulli(0.5)
 */
import type { Stream } from '../../contract/stream.js'
import { drawBernoulli } from '../../random/bernoulli.js'
import { drawNormal } from '../../random/normal.js'
import type { SimulatedTrial } from '../scenario-family.js'

export interface LinearTrial {
  readonly study: string
  /** `[patient, covariate]` */
  readonly covariates: Float64Array
  readonly intercept: number
  /** `[covariate]` */
  readonly slopes: ArrayLike<number>
  /** Of this trial at x = 0, and the average over trials. */
  readonly effect: number
  readonly averageEffect: number
  /** Of this trial and averages over trials, `[covariate]`. */
  readonly modification: ArrayLike<number>
  readonly averageModification: ArrayLike<number>
  readonly residualScale: number
}

export function simulateLinearTrial(stream: Stream, trial: LinearTrial): SimulatedTrial {
  const { study, covariates, slopes } = trial
  const size = slopes.length
  const patientCount = covariates.length / size
  const vector = () => new Float64Array(patientCount)
  const [treatment, outcome, meanEffect, treatmentEffect] = [vector(), vector(), vector(), vector()]
  for (let patient = 0; patient < patientCount; patient++) {
    const x = covariates.subarray(patient * size, (patient + 1) * size)
    treatment[patient] = drawBernoulli(stream, 0.5)
    meanEffect[patient] = trial.averageEffect + dot(trial.averageModification, x)
    treatmentEffect[patient] = trial.effect + dot(trial.modification, x)
    const mean = trial.intercept + dot(slopes, x) + treatment[patient] * treatmentEffect[patient]
    outcome[patient] = drawNormal(stream, mean, trial.residualScale)
  }
  return { study, covariates, treatment, outcome, meanEffect, treatmentEffect }
}

function dot(coefficients: ArrayLike<number>, x: Float64Array): number {
  let sum = 0
  for (let k = 0; k < x.length; k++) sum += coefficients[k] * x[k]
  return sum
}
