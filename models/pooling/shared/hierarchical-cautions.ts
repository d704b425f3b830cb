import type { Warning } from '../../../src/contract/analysis.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { type HierarchicalOptions, usedFactorCount } from './hierarchical-options.js'

/** Below this many trials the between-trial variance is barely identified (Roever et al. 2021, 10.1002/jrsm.1475). */
const FEW_TRIALS = 5
/** Below this many, one or two aberrant trials cannot be told from a wide distribution. Arbitrary. */
const TRIALS_FOR_TAILS = 10

/** What these trials cannot tell about what these options estimate. */
export function hierarchicalCautions(trials: readonly TrialEstimate[], options: HierarchicalOptions): Warning[] {
  const count = trials.length
  const size = trials[0].coefficientNames.length
  const warnings: Warning[] = []
  if (count < FEW_TRIALS && options.heterogeneity !== 'random-effect' && size > 1)
    warnings.push({
      severity: count < 3 ? 'important' : 'note',
      message: `${count} trials say hardly anything about how ${size} coefficients vary between trials: their standard deviations, and with them all intervals for a new setting, rest on the prior. Compare with \`secondStage: { heterogeneity: random-effect }\`, and see the table of other priors.`,
    })
  const free = freeParameters(options, size)
  if (free > count && isCorrelated(options) && size > 1)
    warnings.push({
      severity: 'note',
      message: `the between-trial covariance has ${free} free parameters and there are ${count} trials: its correlations rest on their prior. Take \`heterogeneity: diagonal\` as the main analysis and this one as a sensitivity analysis.`,
    })
  if (options.betweenTrials !== 'normal' && count < TRIALS_FOR_TAILS)
    warnings.push({
      severity: 'note',
      message: `with ${count} trials an aberrant trial can hardly be told from large differences between trials: what a robust analysis makes of it rests on the prior. Show the analysis with \`betweenTrials: normal\` beside it, and the one without the trial.`,
    })
  return warnings
}

const isCorrelated = ({ heterogeneity }: HierarchicalOptions) => heterogeneity === 'unstructured' || heterogeneity === 'factor'

/** Of T. */
function freeParameters(options: HierarchicalOptions, size: number): number {
  if (options.heterogeneity === 'unstructured') return (size * (size + 1)) / 2
  const factors = usedFactorCount(options, size)
  return size + size * factors - (factors * (factors - 1)) / 2
}
