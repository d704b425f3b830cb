import { sortedQuantile } from '../../diagnostics/convergence/primitives/sorted-quantile.js'
import type { Fit, TrialFit } from '../contract/analysis.js'
import type { TrialEstimate } from '../contract/trial.js'
import { coefficientDraws } from '../effects/coefficient-draws.js'
import { effectDraws } from '../effects/effect-draws.js'
import { observedEffect } from '../numeric/missing-coefficients.js'
import type { ForestData, Interval } from './figures/forest.js'
import { decimalsFor } from './number-format.js'

/** 97.5% quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054

/** What a forest plot needs besides the draws. */
export type ForestLabels = Pick<ForestData, 'axisLabel' | 'directions' | 'ariaLabel'>

/**
 * The effect contrast' theta across trials: each trial's own posterior mean with a normal 95% interval, its shrunken interval, the average
 * setting and the prediction for a new setting.
 *
 * @param contrast `[coefficient]`, in outcome units per analysis unit of each coefficient.
 */
export function forestData(
  analysis: {
    readonly trialFits: readonly Pick<TrialFit, 'estimate'>[]
    readonly pooled: Pick<Fit, 'draws'>
  },
  contrast: Float64Array,
  labels: ForestLabels,
): ForestData {
  const { draws } = analysis.pooled
  const average = summary(effectDraws(coefficientDraws(draws, 'average'), contrast))
  return {
    ...labels,
    rows: analysis.trialFits.map(({ estimate }) => ({
      label: rowLabel(estimate, contrast),
      patientCount: estimate.patientCount,
      own: ownInterval(estimate, contrast),
      shrunken: summary(effectDraws(coefficientDraws(draws, 'existing-trial', estimate.study), contrast)),
    })),
    average,
    newSetting: summary(effectDraws(coefficientDraws(draws, 'new-setting'), contrast)),
    decimals: decimalsFor((average.upper - average.lower) / (2 * normalQuantile)),
  }
}

function ownInterval(estimate: TrialEstimate, contrast: Float64Array): Interval {
  const { mean, variance } = observedEffect(estimate, contrast)
  const halfWidth = normalQuantile * Math.sqrt(variance)
  return { mean, lower: mean - halfWidth, upper: mean + halfWidth }
}

/** The trial, and what it did not measure of what counts here. */
function rowLabel({ study, coefficientNames, estimate }: TrialEstimate, contrast: Float64Array): string {
  const missing = coefficientNames.filter((_, at) => contrast[at] !== 0 && Number.isNaN(estimate[at]))
  return missing.length === 0 ? study : `${study} (no ${missing.map((name) => name.replace(/^treatment:/, '')).join(', ')})`
}

function summary(draws: Float64Array): Interval {
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  const sorted = draws.slice().sort()
  return { mean, lower: sortedQuantile(sorted, 0.025), upper: sortedQuantile(sorted, 0.975) }
}
