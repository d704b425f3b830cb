import type { Analysis, EffectSummary, Person, PersonEffect } from '../../contract/analysis.js'
import type { Covariate } from '../../data/protocol.js'
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
${modifiersTable(
  modifiers,
  profileEffects.map(({ person }) => person),
)}
${profileEffects.filter((effect) => effect.flags.length > 0).map((effect) => html`<p><span class="bad">Extrapolation.</span> ${effect.person.id}: ${effect.flags.join('; ')}.</p>`)}</section>`
}

/** A row for each profile, or for each modifier where these are more than fit beside each other. */
function modifiersTable(modifiers: readonly Covariate[], people: readonly Person[]): Html {
  const caption = 'Who they are: modifiers of the effect'
  const value = (covariate: Covariate, { covariates }: Person) => covariateValue(covariate, covariates[covariate.name])
  if (modifiers.length > MOST_BESIDE && people.length <= modifiers.length)
    return table(
      caption,
      [{ title: 'Modifier' }, ...people.map(({ id }) => ({ title: id }))],
      modifiers.map((covariate) => [covariateHeading(covariate), ...people.map((person) => value(covariate, person))]),
    )
  return table(
    caption,
    [
      { title: 'Profile' },
      ...modifiers.map((covariate) => ({ title: covariateHeading(covariate), numeric: covariate.type === 'continuous' })),
    ],
    people.map((person) => [person.id, ...modifiers.map((covariate) => value(covariate, person))]),
  )
}

/** Modifiers whose columns a page has room for. */
const MOST_BESIDE = 5

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
