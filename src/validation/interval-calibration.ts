/**
 * Whether prediction intervals for a new setting are as wide as they say: the place of an observed difference between arms in its predictive distribution,
 *
 *     u = mean over draws of Phi{(observed - draw) / SE(observed)},
 *
 * uniform when the predictions are right. For normal predictions Phi^-1(u) = (observed - mean) / sqrt(SE^2 + SD^2). The trial as a whole is the clean test: groups of
 * its patients share the trial's deviation.
 */
import { normalCdf } from '../numeric/normal-cdf.js'
import type { BenefitGroup } from './benefit-groups.js'
import type { Estimate } from './held-out-trial.js'

/** @param draws of the mean effect of the same patients in a new setting, `[draw]` */
export function predictivePlace({ estimate, standardError }: Estimate, draws: Float64Array): number {
  return draws.reduce((sum, draw) => sum + normalCdf((estimate - draw) / standardError), 0) / draws.length
}

/**
 * Places of the groups' observed differences, `[group]`.
 * @param draws of benefit in a new setting, `[draw, patient]`
 */
export function groupPlaces(groups: readonly BenefitGroup[], draws: Float64Array, patientCount: number): Float64Array {
  return Float64Array.from(groups, ({ patients, observed }) =>
    predictivePlace(observed, meanDraws(draws, patientCount, patients)),
  )
}

/** Mean over patients of every draw, `[draw]`. @param draws `[draw, patient]` */
export function meanDraws(draws: Float64Array, patientCount: number, patients: readonly number[]): Float64Array {
  return Float64Array.from({ length: draws.length / patientCount }, (_, draw) => {
    let sum = 0
    for (const patient of patients) sum += draws[draw * patientCount + patient]
    return sum / patients.length
  })
}

/** Whether a place lies in the central interval of that level. */
export function isCovered(place: number, level = 0.95): boolean {
  return Math.abs(place - 0.5) <= level / 2
}
