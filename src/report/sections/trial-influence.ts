import { mean } from 'd3-array'
import { paretoKCutOff } from '../../../diagnostics/convergence/cut-offs.js'
import type { Analysis } from '../../contract/analysis.js'
import { type Html, html } from '../html.js'
import { formatNumber } from '../number-format.js'
import { table } from '../table.js'

/** How a robust second stage saw each trial, and how well each trial's draws cover what was pooled; nothing for other second stages. */
export function trialInfluenceSection(analysis: Analysis): Html {
  const parts = [aberrance(analysis), weights(analysis), coverage(analysis), correction(analysis)].filter(
    (part) => part !== undefined,
  )
  if (parts.length === 0) return html``
  return html`<section aria-labelledby="influence"><h2 id="influence">What each trial counts for</h2>
${parts}</section>`
}

/** Posterior mean of a variable over the trials, `[trial]`. */
function meansOf({ pooled }: Analysis, name: string): number[] | undefined {
  const found = pooled.draws.variables.find((variable) => variable.name === name)
  if (!found) return undefined
  const size = found.dimensions[0].labels.length
  return Array.from({ length: size }, (_, trial) => mean(found.values.filter((__, at) => at % size === trial)) ?? Number.NaN)
}

const labels = ({ trialFits }: Analysis) => trialFits.map(({ trial }) => trial.study)

function aberrance(analysis: Analysis): Html | undefined {
  const probabilities = meansOf(analysis, 'aberrant')
  if (!probabilities) return undefined
  return html`<p>A trial that is probably aberrant hardly counts in the average. Look for the cause (units, coding, population) before leaving it at that.</p>
${table(
  'Probability that a trial is aberrant',
  [{ title: 'Trial' }, { title: 'Probability', numeric: true }],
  labels(analysis).map((study, trial) => [study, formatNumber(probabilities[trial], 2)]),
)}`
}

function weights(analysis: Analysis): Html | undefined {
  const means = meansOf(analysis, 'trialWeight')
  if (!means) return undefined
  return html`<p>Trials differ with heavy tails: one that is far from the others counts less. About 1 is a trial like the others, well below 1 one that is set aside in part.</p>
${table(
  'Weight of a trial',
  [{ title: 'Trial' }, { title: 'Mean', numeric: true }],
  labels(analysis).map((study, trial) => [study, formatNumber(means[trial], 2)]),
)}`
}

function coverage({ siteDrawChecks }: Analysis): Html | undefined {
  if (!siteDrawChecks) return undefined
  return html`<p>Each trial's own posterior draws, weighted as all trials together suggest. A k-hat above ${formatNumber(paretoKCutOff(siteDrawChecks[0].drawCount), 2)} means that they do not cover what is pooled.</p>
${table(
  'Importance weights of the posterior draws of the trials',
  [{ title: 'Trial' }, { title: 'Draws', numeric: true }, { title: 'Worth', numeric: true }, { title: 'k-hat', numeric: true }],
  siteDrawChecks.map(({ study, drawCount, effectiveDrawCount, paretoK }) => [
    paretoK < paretoKCutOff(drawCount) ? study : `${study} (not reliable)`,
    String(drawCount),
    formatNumber(effectiveDrawCount, 0),
    formatNumber(paretoK, 2),
  ]),
)}`
}

/** Where the draws stay as sampled a warning says why. */
function correction({ siteDrawCorrection: found }: Analysis): Html | undefined {
  if (!found) return undefined
  const numbers = `k-hat ${formatNumber(found.paretoK, 2)} (reliable below ${formatNumber(paretoKCutOff(found.drawCount), 2)}), ${found.drawCount} pooled draws worth ${formatNumber(found.effectiveDrawCount, 0)}`
  return found.outcome === 'corrected'
    ? html`<p>The sampler pooled the trials' draws smoothed; importance weights carried the result over to the draws as they are: ${numbers}.</p>`
    : html`<p>The sampler pooled the trials' draws smoothed, and importance weights could not carry the result over to the draws as they are: ${numbers}.</p>`
}
