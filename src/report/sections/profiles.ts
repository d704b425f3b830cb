import type { Analysis, EffectSummary, PersonEffect } from '../../contract/analysis.js'
import { type Content, type Html, html } from '../html.js'
import { covariateHeading, covariateValue, intervalKind, unitSuffix } from '../labels.js'
import { decimalsFor, formatInterval, formatNumber, formatProbability } from '../number-format.js'
import { summaryFor } from '../patient-data.js'
import { type TableColumn, table } from '../table.js'

/** Effects for the reference patient and the protocol's profiles; covariates in one table, effects in another. */
export function profilesSection(analysis: Analysis): Html {
  const { profileEffects, protocol } = analysis
  if (profileEffects.length === 0) return html``
  const modifiers = protocol.covariates.filter((covariate) => covariate.role !== 'prognostic')
  return html`<section aria-labelledby="profiles"><h2 id="profiles">Reference profiles</h2>
${table(
  `Effect${unitSuffix(protocol) && `,${unitSuffix(protocol)}`}`,
  effectColumns(analysis),
  profileEffects.map((effect) => effectRow(effect, analysis)),
)}
${table(
  'Who they are: modifiers of the effect',
  [
    { title: 'Profile' },
    ...modifiers.map((covariate) => ({ title: covariateHeading(covariate), numeric: covariate.type === 'continuous' })),
  ],
  profileEffects.map(({ person }) => [
    person.id,
    ...modifiers.map((covariate) => covariateValue(covariate, person.covariates[covariate.name])),
  ]),
)}
${profileEffects.filter((effect) => effect.flags.length > 0).map((effect) => html`<p><span class="bad">Extrapolation.</span> ${effect.person.id}: ${effect.flags.join('; ')}.</p>`)}</section>`
}

function effectColumns({ protocol, pooled }: Analysis): TableColumn[] {
  return [
    { title: 'Profile' },
    { title: 'Mean', numeric: true },
    { title: html`95% ${intervalKind({ pooled })} interval,<br>average setting`, numeric: true },
    { title: html`95% prediction interval,<br>new setting`, numeric: true },
    { title: html`P(benefit)`, numeric: true },
    ...(protocol.smallestImportantEffect > 0
      ? [{ title: html`P(at least ${String(protocol.smallestImportantEffect)})`, numeric: true }]
      : []),
  ]
}

function effectRow(effect: PersonEffect, { protocol, profileEffects }: Analysis): Content[] {
  const average = summaryFor(effect, 'average')
  const decimals = decimalsFor(
    Math.min(...profileEffects.map((other) => summaryFor(other, 'average')?.sd ?? Number.POSITIVE_INFINITY)),
  )
  const interval = (summary: EffectSummary | undefined) => (summary ? formatInterval(summary, decimals) : '–')
  return [
    effect.person.id,
    formatNumber(average?.mean ?? Number.NaN, decimals),
    interval(average),
    interval(summaryFor(effect, 'new-setting')),
    formatProbability(average?.probabilityBenefit ?? Number.NaN),
    ...(protocol.smallestImportantEffect > 0 ? [formatProbability(average?.probabilityImportant ?? Number.NaN)] : []),
  ]
}
