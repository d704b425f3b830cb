import type { Analysis } from '../contract/analysis.js'
import type { TrialDesign } from '../contract/trial.js'
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
  /** Names of the columns of its design; those of the protocol when absent. */
  readonly columns?: readonly string[]
}

/** What `poolite predict` needs after a second stage that pooled effects, beside the draws of the trials. */
export interface PoolingRecord {
  readonly trials: readonly PooledTrialRecord[]
  readonly preparation: unknown
}

/** @param names of the trials' files, in order */
export function poolingFiles({ effectPooling, trialFits }: Analysis, names: readonly string[]): RunFile[] {
  const trials = trialFits.map(({ trial }) => trialRecord(trial))
  if (!effectPooling)
    return trialFits.every(({ trial }) => knowsOverlap(trial))
      ? [{ path: overlapFile, text: `${JSON.stringify({ trials })}\n` }]
      : []
  const { preparation, refits = [] } = effectPooling
  const record: PoolingRecord = { trials, preparation }
  return [
    { path: poolingFile, text: `${JSON.stringify(record)}\n` },
    ...refits.map((draws, index) => ({ path: refitsFile(names[index]), text: toTable(draws) })),
  ]
}

const trialRecord = (trial: TrialDesign): PooledTrialRecord => ({
  ...trialOverlap(trial),
  treatedCount: trial.treatment.reduce((sum, arm) => sum + arm, 0),
  columns: trial.columns.map(({ name }) => name),
})
