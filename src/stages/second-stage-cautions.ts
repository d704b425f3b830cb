import { paretoKCutOff } from '../../diagnostics/convergence/cut-offs.js'
import { paretoSmooth } from '../../diagnostics/predictive/pareto-smooth.js'
import type { SiteDrawCheck, SiteDrawCorrection, Warning } from '../contract/analysis.js'
import type { TrialEstimate } from '../contract/trial.js'

/** Share of a posterior's precision that comes from the prior, from which on it is worth a warning: it moves the estimate by as much. Arbitrary. */
const SHARE_OF_PRECISION = 0.05

/**
 * Warns of first-stage priors that shrink: pooled over J trials they count J times, and averaging does not undo it (METHOD 6.3).
 * @param trials with the priors of their first stage
 */
export function shrinkageCautions(trials: readonly TrialEstimate[]): Warning[] {
  const count = trials.length
  const remedy =
    'Shrink once, on the pooled coefficients: `firstStage: { prior: flat }` with `secondStage: { method: hierarchical, prior: laplace }` or `regularised-horseshoe`'
  const shrinking = trials.find(({ prior }) => prior?.kind === 'shrinking')?.prior
  if (shrinking?.kind === 'shrinking')
    return [
      {
        severity: 'important',
        message: `the first stage shrinks the interactions in each of the ${count} trials (${shrinking.description}), and pooling does not undo it: shrinkage counts once per trial, so that pooled interactions are too small and their intervals too sure. ${remedy}.`,
      },
    ]
  const [share, study, name] = largestShare(trials)
  if (!(share > SHARE_OF_PRECISION)) return []
  return [
    {
      severity: 'note',
      message: `the first stage's normal prior supplies ${Math.round(100 * share)}% of the precision of "${name}" in trial "${study}" and counts once in each of the ${count} trials. ${remedy}, or take it out: \`secondStage: { method: hierarchical, firstStagePrior: divide-out }\`.`,
    },
  ]
}

/** Prior precision times posterior variance, the coefficient and the trial where it is largest. */
function largestShare(trials: readonly TrialEstimate[]): [share: number, study: string, coefficient: string] {
  const shares = trials.flatMap(({ study, coefficientNames, covariance, prior }) =>
    prior?.kind === 'normal'
      ? coefficientNames.map((name, row): [number, string, string] => {
          const at = row * (coefficientNames.length + 1)
          return [prior.precision[at] * covariance[at], study, name]
        })
      : [],
  )
  return shares.reduce((most, each) => (each[0] > most[0] ? each : most), [0, '', ''])
}

/** k-hat of the importance weights that each trial's draws get in the light of all trials. */
export function siteDrawChecks(studies: readonly string[], logRatios: readonly Float64Array[]): SiteDrawCheck[] {
  return studies.map((study, trial) => {
    const { k, effectiveSampleSize } = paretoSmooth(logRatios[trial])
    return { study, paretoK: k, effectiveDrawCount: effectiveSampleSize, drawCount: logRatios[trial].length }
  })
}

export function siteDrawCautions(checks: readonly SiteDrawCheck[]): Warning[] {
  const failed = checks.filter(({ paretoK, drawCount }) => !(paretoK < paretoKCutOff(drawCount)))
  if (failed.length === 0) return []
  const list = failed.map(({ study, paretoK }) => `"${study}" (k-hat ${paretoK.toFixed(2)})`).join(', ')
  return [
    {
      severity: 'important',
      message: `the posterior draws of trial ${list} do not cover what is pooled: the other trials pull its coefficients to where it has few draws, so that its likelihood there is extrapolated. Compare with \`siteLikelihood: normal\`, use more draws (\`siteDrawCount\`), or a robust between-trial distribution, \`betweenTrials: student-t\`.`,
    },
  ]
}

const KEPT_SMOOTH: Readonly<
  Record<Exclude<SiteDrawCorrection['outcome'], 'corrected'>, (correction: SiteDrawCorrection) => string>
> = {
  'unreliable-weights': ({ paretoK, drawCount }) =>
    `k-hat of the importance weights is ${paretoK.toFixed(2)}, and above ${paretoKCutOff(drawCount).toFixed(2)} they cannot be relied on`,
  'too-few-draws': ({ logWeightError }) =>
    `too few of the trials' draws lie near what is pooled (a log importance weight has a standard deviation of ${logWeightError.toFixed(1)} from that alone)`,
}

/** Says so when pooled draws could not be carried over from the smoothed draws of the trials to the draws as they are. */
export function correctionCautions(correction: SiteDrawCorrection | undefined): Warning[] {
  if (!correction || correction.outcome === 'corrected') return []
  return [
    {
      severity: 'important',
      message: `the trials' posterior draws were pooled smoothed, which takes away part of their skewness, and could not be pooled as they are: ${KEPT_SMOOTH[correction.outcome](correction)}. Compare with \`siteLikelihood: normal\`, which takes all of the skewness away: where the two agree, so would the exact analysis. More draws of the trials (\`inference.draws\` and \`siteDrawCount\`) help with few coefficients.`,
    },
  ]
}
