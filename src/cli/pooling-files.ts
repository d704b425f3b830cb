import type { Analysis } from '../contract/analysis.js'
import { toTable } from '../draws/to-table.js'
import { knowsOverlap, type TrialOverlap, trialOverlap } from '../effects/extrapolation.js'
import type { RunFile } from './run-files.js'

export const poolingFile = 'pooling.json'
/** Where the patients of each trial lie, of a run that pooled coefficients; means and covariances, and no patient's data. */
export const overlapFile = 'overlap.json'
/** Draws from the prior of the second stage's own parameters. */
export const pooledPriorFile = 'prior/pooled.csv'
export const refitsFile = (name: string): string => `refits/${name}.csv`

/** A trial as far as prediction needs it: no patient's data. */
export interface PooledTrialRecord extends TrialOverlap {
  readonly treatedCount: number
}

/** What `poolite predict` needs after a second stage that pooled effects, beside the draws of the trials. */
export interface PoolingRecord {
  readonly trials: readonly PooledTrialRecord[]
  readonly preparation: unknown
}

/** @param names of the trials' files, in order */
export function poolingFiles({ effectPooling, trialFits }: Analysis, names: readonly string[]): RunFile[] {
  if (!effectPooling) {
    if (!trialFits.every(({ trial }) => knowsOverlap(trial))) return []
    const overlaps = trialFits.map(({ trial }) => trialOverlap(trial))
    return [{ path: overlapFile, text: `${JSON.stringify({ trials: overlaps })}\n` }]
  }
  const { preparation, refits = [] } = effectPooling
  const trials = trialFits.map(({ trial }) => ({
    ...trialOverlap(trial),
    treatedCount: trial.treatment.reduce((sum, arm) => sum + arm, 0),
  }))
  const record: PoolingRecord = { trials, preparation }
  return [
    { path: poolingFile, text: `${JSON.stringify(record)}\n` },
    ...refits.map((draws, index) => ({ path: refitsFile(names[index]), text: toTable(draws) })),
  ]
}
