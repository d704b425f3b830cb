import { sortedQuantile } from '../../../../diagnostics/convergence/primitives/sorted-quantile.js'
import { type FigureTable, responsiveFigure } from '../../figure-element.js'
import { type QuantileDotsData, quantileDotsFigure } from '../../figures/quantile-dots.js'
import { type Html, html } from '../../html.js'
import { controlName, outcomeName, treatedName, unitSuffix } from '../../labels.js'
import { decimalsFor, formatInterval, formatNumber } from '../../number-format.js'
import type { PersonEvidence } from '../../person-evidence.js'
import { dotQuantiles } from '../../quantile-dots.js'
import { table } from '../../table.js'
import { dotCount } from './effect-dots.js'

/** Outcomes of 50 people like this one under each arm; nothing where the first stage does not give them. */
export function outcomeDots({ protocol, arms, person }: PersonEvidence): QuantileDotsData | undefined {
  if (!arms) return undefined
  const names = [controlName(protocol), treatedName(protocol)]
  const rows = [arms.predicted.control, arms.predicted.treated].map((draws, arm) => ({
    label: `Under ${names[arm]}`,
    values: dotQuantiles(draws, dotCount),
  }))
  const { outcome } = protocol
  const axisLabel = `${outcomeName(protocol)}${outcome.unit ? ` (${outcome.unit})` : ''}`
  return {
    rows,
    axisLabel,
    ariaLabel: `Quantile dot plots of ${axisLabel} of ${dotCount} people like ${person.id}, under each treatment`,
  }
}

export function outcomeDotsTable({ rows }: QuantileDotsData, { protocol }: PersonEvidence): FigureTable {
  const decimals = decimalsFor(protocol.outcome.scale / 10)
  return {
    caption: `Outcomes of ${dotCount} people${unitSuffix(protocol) && `,${unitSuffix(protocol)}`}`,
    columns: [{ title: 'Dot', numeric: true }, ...rows.map(({ label }) => ({ title: label, numeric: true }))],
    rows: rows[0].values.map((_, dot) => [String(dot + 1), ...rows.map(({ values }) => formatNumber(values[dot], decimals))]),
  }
}

/** A sentence where the first stage does not give outcomes. */
export function outcomesSection(evidence: PersonEvidence): Html {
  const { protocol, arms } = evidence
  const heading = html`<h2 id="outcomes">Outcomes with and without the treatment</h2>`
  const data = outcomeDots(evidence)
  if (!arms || !data)
    return html`<section aria-labelledby="outcomes">${heading}<p>The outcome under each treatment is not known here: the draws that say it have stayed at the sites, or this first stage (${protocol.firstStage.model}) needs the data of the trials for it (\`--data\`).</p></section>`
  const names = [controlName(protocol), treatedName(protocol)]
  const decimals = decimalsFor(protocol.outcome.scale / 10)
  return html`<section aria-labelledby="outcomes">${heading}
<p>Of ${dotCount} people with these covariates in a new setting, outcomes would be spread like these dots. The two rows are two groups of people: which dot of one row belongs to which of the other can never be known.</p>
${responsiveFigure((width) => quantileDotsFigure(data, width), {
  caption: `Each dot is one of ${dotCount} people. ${protocol.outcome.better === 'higher' ? 'Higher' : 'Lower'} is better. Where the rows overlap almost wholly, people differ far more than treatments do.`,
  data: outcomeDotsTable(data, evidence),
})}
${table(
  `Outcome${unitSuffix(protocol) && `,${unitSuffix(protocol)}`}`,
  [
    { title: 'Treatment' },
    { title: 'Expected, average setting', numeric: true },
    { title: '95% interval', numeric: true },
    { title: 'One person, new setting, 95% interval', numeric: true },
  ],
  [arms.expected.control, arms.expected.treated].map((expected, arm) => {
    const own = decimalsFor(interval(expected).sd)
    return [
      names[arm],
      formatNumber(interval(expected).mean, own),
      formatInterval(interval(expected), own),
      formatInterval(interval(arm === 0 ? arms.predicted.control : arms.predicted.treated), decimals),
    ]
  }),
)}
<p class="small muted">Levels of the outcome are pooled together with the effects of the trials; that trials with a high level might have larger effects is left out.</p></section>`
}

function interval(draws: Float64Array) {
  const sorted = draws.slice().sort()
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  const sd = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1))
  return { mean, sd, lower: sortedQuantile(sorted, 0.025), upper: sortedQuantile(sorted, 0.975) }
}
