import type { PooledScore } from '../../validation/pool-scores.js'
import type { CandidateResult } from '../../validation/validation.js'
import { formatNumber, formatSignificant } from '../number-format.js'

export interface ScoreColumn {
  readonly title: string
  /** What it means and what is good. */
  readonly meaning: string
  readonly cell: (candidate: CandidateResult) => string
  /** Which of the two tables it stands in. */
  readonly about: 'predictions' | 'decisions'
}

/** The measures of a validation as columns, the criterion of the choice first. */
export const scoreColumns: readonly ScoreColumn[] = [
  {
    title: 'Gain over constant',
    about: 'predictions',
    meaning:
      'by how much its mean squared error of the individualised effect is smaller than that of a constant effect, from the R-loss: the criterion',
    cell: ({ pooled, isConstant }) => (isConstant ? 'reference' : scoreText(pooled.gain)),
  },
  {
    title: 'Best in',
    about: 'predictions',
    meaning: 'share of random reweightings of the trials in which it gains most',
    cell: ({ shareBest, failures }) => (failures.length > 0 ? '–' : shareText(shareBest)),
  },
  {
    title: 'Mean bias',
    about: 'predictions',
    meaning: 'mean predicted minus observed benefit; 0 is ideal, positive is too optimistic',
    cell: ({ pooled }) => scoreText(pooled.meanBias),
  },
  {
    title: 'Calibration intercept',
    about: 'predictions',
    meaning: 'of observed on predicted benefit; 0 is ideal',
    cell: ({ pooled }) => scoreText(pooled.calibrationIntercept),
  },
  {
    title: 'Calibration slope',
    about: 'predictions',
    meaning: '1 is ideal; below 1 predictions vary too much, above 1 too little',
    cell: ({ pooled }) => scoreText(pooled.calibrationSlope),
  },
  {
    title: 'AUTOC',
    about: 'decisions',
    meaning: 'area under the targeting curve; 0 when predictions do not tell patients apart',
    cell: ({ pooled }) => scoreText(pooled.autoc),
  },
  {
    title: 'Benefit over treating none',
    about: 'decisions',
    meaning: 'mean outcome gained by treating those whose predicted benefit exceeds the smallest important effect',
    cell: ({ pooled }) => scoreText(pooled.overNone),
  },
  {
    title: 'Benefit over treating all',
    about: 'decisions',
    meaning: 'the same against treating everybody',
    cell: ({ pooled }) => scoreText(pooled.overAll),
  },
  {
    title: 'Right decisions',
    about: 'decisions',
    meaning: 'outcome of patients who happened to receive what the predictions recommend minus that of the others',
    cell: ({ pooled }) => scoreText(pooled.agreement),
  },
  {
    title: 'Intervals that held',
    about: 'predictions',
    meaning: 'share of trials whose observed effect lay in its 95% prediction interval; 95% is ideal',
    cell: ({ pooled }) => (Number.isFinite(pooled.coverage) ? `${Math.round(100 * pooled.coverage)}%` : '–'),
  },
  {
    title: 'c-for-benefit',
    about: 'decisions',
    meaning: 'shown, never chosen by: it depends on how patients are paired and on what nobody can know',
    cell: ({ pooled }) => formatNumber(pooled.concordance, 2),
  },
  {
    title: 'Dispersion',
    about: 'decisions',
    meaning: 'standard deviation of predicted benefit over patients; shown, never chosen by',
    cell: ({ pooled }) => formatSignificant(pooled.dispersion),
  },
]

/** Reweighting a few trials can say neither never nor always. */
function shareText(share: number): string {
  if (share < 0.01) return '< 1%'
  return share > 0.99 ? '> 99%' : `${Math.round(100 * share)}%`
}

/** `0.12 (0.03 to 0.21)`, with as many decimals as the width of the interval allows. */
export function scoreText({ estimate, lower, upper }: Pick<PooledScore, 'estimate' | 'lower' | 'upper'>): string {
  if (!Number.isFinite(estimate)) return '–'
  const width = upper - lower
  const decimals = width > 0 ? Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(width)))) : 2
  return `${formatNumber(estimate, decimals)} (${formatNumber(lower, decimals)} to ${formatNumber(upper, decimals)})`
}
