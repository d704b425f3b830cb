import type { Target } from '../contract/analysis.js'
import type { Draws, Variable } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { UsageError } from '../errors/usage-error.js'

/**
 * Draws of the coefficients of the treatment effect for one target: `mu` (average setting), `theta_new` (a new setting) or the row of
 * `theta` of one trial.
 *
 * @returns `[draw, coefficient]` over all chains, analysis scale. Shares memory with `pooled` for the first two targets.
 * @throws UsageError for a study that was not pooled, for an existing trial without a name, and for weighted draws.
 */
export function coefficientDraws(pooled: Draws, target: Target, study?: string): Float64Array {
  if (pooled.logWeights)
    throw new UsageError({
      problem: 'these draws carry weights',
      reason: 'effects are summarised over draws that all weigh the same',
      remedy: 'Resample the draws by their weights first.',
    })
  if (target === 'average') return variable(pooled, 'mu').values
  if (target === 'new-setting') return variable(pooled, 'theta_new').values
  return rowOfStudy(variable(pooled, 'theta'), study)
}

/** Names of the coefficients: `treatment`, then `treatment:age` and so on. */
export function coefficientNames(pooled: Draws): readonly string[] {
  return variable(pooled, 'mu').dimensions[0].labels
}

/** Names of the trials that were pooled. */
export function pooledStudies(pooled: Draws): readonly string[] {
  return variable(pooled, 'theta').dimensions[0].labels
}

function rowOfStudy(theta: Variable, study: string | undefined): Float64Array {
  const studies = theta.dimensions[0].labels
  const index = study === undefined ? -1 : studies.indexOf(study)
  if (index < 0)
    throw new UsageError({
      problem: study === undefined ? 'no trial was named' : `trial "${study}" is not among those pooled`,
      reason: 'the effect in an existing trial needs the coefficients of that trial',
      remedy: `Ask for one of: ${studies.join(', ')}; or for the average or a new setting.`,
    })
  const coefficientCount = theta.dimensions[1].labels.length
  const drawCount = theta.values.length / (studies.length * coefficientCount)
  const rows = new Float64Array(drawCount * coefficientCount)
  for (let draw = 0; draw < drawCount; draw++) {
    const start = (draw * studies.length + index) * coefficientCount
    rows.set(theta.values.subarray(start, start + coefficientCount), draw * coefficientCount)
  }
  return rows
}
