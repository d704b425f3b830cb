import type { Protocol } from '../data/protocol.js'
import type { CovariateExplanation, DependencePoint, DrawSummary } from '../effects/explain-effects.js'
import { covariateValue } from './labels.js'
import { formatShare, formatSignificant } from './number-format.js'

/** The first and the last value of the partial dependence; of levels those with the least and the greatest effect. */
export function dependenceRange({ dependence }: Pick<CovariateExplanation, 'dependence'>): [DependencePoint, DependencePoint] {
  const isOrdered = dependence.every(({ value }) => typeof value === 'number')
  const sorted = isOrdered ? dependence : [...dependence].sort((a, b) => a.mean - b.mean)
  return [sorted[0], sorted[sorted.length - 1]]
}

/** `41% (30% to 52%)`; an estimate of a share may fall a little below 0. */
export function shareText({ mean, lower, upper }: DrawSummary): string {
  const text = (share: number) => formatShare(Math.max(0, share))
  return Number.isFinite(mean) ? `${text(mean)} (${text(lower)} to ${text(upper)})` : '–'
}

/** A value of the grid in words: labels of a binary covariate, about three digits of a continuous one. */
export function valueText(value: number | string, name: string, { covariates }: Protocol): string {
  const covariate = covariates.find((candidate) => candidate.name === name)
  if (covariate?.type === 'continuous') return typeof value === 'number' ? formatSignificant(value) : value
  return covariate ? covariateValue(covariate, typeof value === 'number' ? Math.round(value) : value) : String(value)
}
