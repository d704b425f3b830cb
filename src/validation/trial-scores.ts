/** All measures of one prediction in one held-out trial. Benefit is turned so that larger is better; units are those of the outcome. */
import { benefitGroups } from './benefit-groups.js'
import { type CalibrationCurve, calibrationCurve } from './calibration-curve.js'
import { type CalibrationRegression, calibrationRegression } from './calibration-regression.js'
import { concordanceForBenefit } from './concordance.js'
import { type DecisionValue, decisionValue } from './decision.js'
import { armDifference, type Estimate, type HeldOutTrial } from './held-out-trial.js'
import { groupPlaces, meanDraws, predictivePlace } from './interval-calibration.js'
import { meanBias } from './mean-bias.js'
import type { Gain } from './pool-gains.js'
import { gainInformation, rLoss, rLossGain } from './r-loss.js'
import { type TargetingCurve, targetingCurve } from './targeting.js'

export interface Prediction {
  /** Mean benefit in a new setting, `[patient]`. */
  readonly means: Float64Array
  /** Benefit in a new setting, `[draw, patient]`. */
  readonly draws: Float64Array
}

export interface GroupScore {
  readonly patientCount: number
  readonly predicted: number
  readonly observed: Estimate
  /** Of the observed difference in its predictive distribution, from 0 to 1. */
  readonly place: number
}

export interface TrialScores {
  /** In squared units of the outcome. */
  readonly rLoss: number
  /** Over the constant-effect model. */
  readonly gain: Gain
  readonly meanBias: Estimate
  readonly calibration: CalibrationRegression
  readonly distances: CalibrationCurve['distances']
  readonly groups: readonly GroupScore[]
  readonly concordance: number
  /** Standard deviation of predicted benefit over the patients. */
  readonly dispersion: number
  readonly targeting: TargetingCurve
  readonly decision: DecisionValue
  /** Of the difference between the trial's arms in its predictive distribution, from 0 to 1. */
  readonly place: number
}

/** @param reference benefit that the constant-effect model predicts, `[patient]` @param threshold in units of benefit */
export function trialScores(
  trial: HeldOutTrial,
  { means, draws }: Prediction,
  reference: Float64Array,
  threshold: number,
): TrialScores {
  const size = means.length
  const groups = benefitGroups(trial, means)
  const places = groupPlaces(groups, draws, size)
  // From the first one: no rounding where all are equal.
  const mean = means[0] + means.reduce((sum, value) => sum + (value - means[0]), 0) / size
  const everybody = Array.from(means.keys())
  return {
    rLoss: rLoss(trial, means),
    gain: { ...rLossGain(trial, means, reference), information: gainInformation(trial) },
    meanBias: meanBias(trial, means),
    calibration: calibrationRegression(trial, means),
    distances: calibrationCurve(trial, means).distances,
    groups: groups.map(({ patients, predicted, observed }, group) => ({
      patientCount: patients.length,
      predicted,
      observed,
      place: places[group],
    })),
    concordance: concordanceForBenefit(trial, means),
    dispersion: Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (size - 1)),
    targeting: targetingCurve(trial, means),
    decision: decisionValue(trial, means, threshold),
    place: predictivePlace(armDifference(trial), meanDraws(draws, size, everybody)),
  }
}
