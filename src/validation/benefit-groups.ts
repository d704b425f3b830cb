/**
 * Calibration for benefit in groups: patients in order of predicted benefit, cut into groups of equal size, and in each the difference that the arms show beside
 * the mean prediction (van Klaveren et al. 2018, 10.1016/j.jclinepi.2017.10.021).
 */
import { armDifference, type Estimate, type HeldOutTrial } from './held-out-trial.js'

export interface BenefitGroup {
  readonly patients: readonly number[]
  readonly predicted: number
  readonly observed: Estimate
}

const MOST_GROUPS = 5
/** In each arm, on average: fewer give no usable difference. */
const LEAST_PER_ARM = 10

/** How many groups a trial is cut into when nobody says: 5, or as many as leave 10 patients in each arm of a group. */
export function groupCountFor({ treatment, treatedShare }: HeldOutTrial): number {
  const smallerArm = treatment.length * Math.min(treatedShare, 1 - treatedShare)
  return Math.max(1, Math.min(MOST_GROUPS, Math.floor(smallerArm / LEAST_PER_ARM)))
}

/**
 * Groups from the least predicted benefit to the largest; patients with the same prediction stay in their order, so that one prediction for all gives groups
 * that say nothing: one group then.
 * @param predicted benefit, `[patient]`
 */
export function benefitGroups(
  trial: HeldOutTrial,
  predicted: Float64Array,
  count: number = groupCountFor(trial),
): BenefitGroup[] {
  const order = Array.from(predicted.keys()).sort((first, second) => predicted[first] - predicted[second] || first - second)
  const isConstant = predicted[order[0]] === predicted[order[order.length - 1]]
  const used = isConstant ? 1 : count
  return Array.from({ length: used }, (_, group) => {
    const patients = order.slice(Math.round((group * order.length) / used), Math.round(((group + 1) * order.length) / used))
    return {
      patients,
      predicted: patients.reduce((sum, patient) => sum + predicted[patient], 0) / patients.length,
      observed: armDifference(trial, patients),
    }
  })
}
