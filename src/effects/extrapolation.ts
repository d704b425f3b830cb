/**
 * Whether a person is like the patients that the trials had: the Mahalanobis distance of the modifiers from the mean of each trial's patients,
 *
 *     D_j^2 = (x - mean_j)' S_j^-1 (x - mean_j),
 *
 * which for normal modifiers exceeds the 99% quantile of chi-squared in 1 of 100 of the trial's own patients; and how many trials the effect rests on,
 * 1 / sum_j w_j^2 (Kish 1965).
 */
import type { TrialDesign } from '../contract/trial.js'
import { normalQuantile } from '../numeric/normal-quantile.js'
import { solvePositiveDefinite } from '../numeric/positive-definite.js'

/** Where the patients of a trial lie. Plain data, and no patient's. */
export interface TrialOverlap {
  readonly study: string
  readonly patientCount: number
  /** Names of the columns of the modifiers that the trial measured; those of the protocol when absent. */
  readonly modifiers?: readonly string[]
  /** Of the modifiers on the analysis scale. `[modifier]` */
  readonly mean: readonly number[]
  /** `[modifier, modifier]` */
  readonly covariance: readonly number[]
}

/** Added to variances: a modifier that all patients of a trial share makes everybody else far from them, not infinitely so. */
const LEAST_VARIANCE = 1e-4

export function trialOverlap({ study, columns, covariates, outcome, summary }: TrialDesign): TrialOverlap {
  const modifiers = columns.flatMap(({ isModifier, name }) => (isModifier ? [name] : []))
  if (summary?.overlap) return { study, patientCount: outcome.length, modifiers, ...summary.overlap }
  const wanted = columns.flatMap((column, index) => (column.isModifier ? [index] : []))
  const count = outcome.length
  const value = (patient: number, modifier: number) => covariates[patient * columns.length + wanted[modifier]]
  const patients = Array.from({ length: count }, (_, patient) => patient)
  const mean = wanted.map((_, modifier) => patients.reduce((sum, patient) => sum + value(patient, modifier) / count, 0))
  const covariance = wanted.flatMap((_, i) =>
    wanted.map((__, j) =>
      patients.reduce(
        (sum, patient) => sum + ((value(patient, i) - mean[i]) * (value(patient, j) - mean[j])) / Math.max(1, count - 1),
        0,
      ),
    ),
  )
  return { study, patientCount: count, modifiers, mean, covariance }
}

/** A person's modifiers as the trial sees them. @param names of all modifiers, `[modifier]` */
export function modifiersSeenBy({ modifiers }: TrialOverlap, names: readonly string[], person: Float64Array): Float64Array {
  return modifiers && modifiers.length < names.length ? person.filter((_, place) => modifiers.includes(names[place])) : person
}

/** Whether it is known where the patients of a trial lie: a site that keeps them may not have said. */
export const knowsOverlap = ({ summary }: Pick<TrialDesign, 'summary'>): boolean => !summary || summary.overlap !== undefined

/** D_j. @param modifiers on the analysis scale, `[modifier]` */
export function mahalanobisDistance({ mean, covariance }: TrialOverlap, modifiers: ArrayLike<number>): number {
  const size = mean.length
  if (size === 0) return 0
  const matrix = Float64Array.from(covariance, (value, at) => value + (at % (size + 1) === 0 ? LEAST_VARIANCE : 0))
  const difference = Float64Array.from(mean, (centre, k) => modifiers[k] - centre)
  const solved = solvePositiveDefinite(matrix, difference)
  return Math.sqrt(difference.reduce((sum, value, k) => sum + value * solved[k], 0))
}

/** Square root of the 99% quantile of chi-squared, by the cube-root approximation of Wilson and Hilferty (1931, 10.1073/pnas.17.12.684). */
export function farDistance(modifierCount: number): number {
  const spread = 2 / (9 * modifierCount)
  const root = 1 - spread + normalQuantile(0.99) * Math.sqrt(spread)
  return Math.sqrt(modifierCount * root * root * root)
}

/**
 * A sentence when the person is far from the patients of every trial.
 * @param modifiersOf as the trial of that place sees them
 */
export function distanceFlags(overlaps: readonly TrialOverlap[], modifiersOf: (trial: number) => ArrayLike<number>): string[] {
  const found = overlaps.map((overlap, trial) => {
    const distance = mahalanobisDistance(overlap, modifiersOf(trial))
    const limit = farDistance(overlap.mean.length)
    return { study: overlap.study, distance, limit, excess: overlap.mean.length === 0 ? 0 : distance / limit }
  })
  const nearest = found.reduce((best, one) => (one.excess < best.excess ? one : best))
  if (nearest.excess <= 1) return []
  return [
    `unlike the patients of every trial (nearest: ${nearest.study}, Mahalanobis distance ${nearest.distance.toFixed(1)}, where 99 of 100 of its patients lie within ${nearest.limit.toFixed(1)})`,
  ]
}

export function effectiveTrialCount(weights: ArrayLike<number>): number {
  let squares = 0
  for (let trial = 0; trial < weights.length; trial++) squares += weights[trial] ** 2
  return 1 / squares
}

/** Fewer trials than this, in effect, and the average is about one trial's. */
const FEW_TRIALS = 2

/** A sentence when the weights of a person are those of hardly more than one of several trials. `[trial]` */
export function concentrationFlags(weights: ArrayLike<number>, studies: readonly string[]): string[] {
  const effective = effectiveTrialCount(weights)
  if (studies.length <= FEW_TRIALS || effective >= FEW_TRIALS) return []
  const shares = Array.from(weights)
  const leading = shares.indexOf(Math.max(...shares))
  return [
    `rests on ${effective.toFixed(1)} of ${studies.length} trials in effect (${studies[leading]} has ${Math.round(100 * shares[leading])}% of the weight)`,
  ]
}
