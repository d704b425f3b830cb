import { diagnosisText } from '../../../diagnostics/convergence/diagnosis-text.js'
import type { Fit } from '../../contract/analysis.js'
import { summaryTable } from '../../draws/print.js'
import { formatSignificant } from '../number-format.js'

/** Quantities that are listed before the rest is only counted. */
const LISTED = 30

/** A fit: how it was drawn, the verdict of its diagnosis, then its quantities. No final newline. */
export function fitText(fit: Fit): string {
  const { summary } = fit.diagnosis
  const more = summary.length > LISTED ? [`and ${summary.length - LISTED} more in diagnosis.summary`] : []
  return [
    `${fit.modelName}: ${drawsOf(fit)} in ${formatSignificant(fit.seconds, 2)} s`,
    diagnosisText(fit.diagnosis),
    '',
    summaryTable(summary.slice(0, LISTED)),
    ...more,
  ].join('\n')
}

function drawsOf({ algorithm, isConfidence, settings, draws: { chainCount, drawCount } }: Fit): string {
  const total = chainCount * drawCount
  if (isConfidence) return `${total} draws from a confidence distribution`
  if (algorithm === 'exact') return `${total} independent draws from the posterior`
  if (algorithm !== undefined) return `${total} draws from an approximation (${algorithm})`
  return `${chainCount} chains of ${drawCount} draws after ${settings.warmup} transitions of warmup`
}
