import type { Analysis, EffectSummary, PersonEffect } from '../../contract/analysis.js'
import { controlName, effectAxisLabel, treatedName } from '../labels.js'
import { decimalsFor, formatInterval, formatNumber, formatProbability } from '../number-format.js'
import { textTable } from './text-table.js'

const settingNames = { average: 'average', 'new-setting': 'new setting', 'existing-trial': 'existing trial' }

/** The effects for the reference patient and the profiles as a table for a terminal. */
export function resultText({ protocol, profileEffects }: Analysis): string {
  const summaries = profileEffects.flatMap(({ effects }) => effects)
  const decimals = decimalsFor(Math.min(...summaries.map((summary) => summary.sd)))
  const hasImportant = protocol.smallestImportantEffect > 0
  const important = `P(benefit > ${protocol.smallestImportantEffect})`
  const header = ['patient', 'setting', 'effect', '95% interval', 'P(benefit)', ...(hasImportant ? [important] : [])]
  const heading = `${effectAxisLabel(protocol)}, ${treatedName(protocol)} against ${controlName(protocol)}; ${protocol.outcome.better} is better`
  const cells = ({ person, effects }: PersonEffect) =>
    effects.map((summary) => [person.id, settingName(summary), ...numbers(summary, decimals, hasImportant)])
  return `${heading}\n\n${textTable(header, profileEffects.flatMap(cells))}`
}

/** People that are listed before the rest is only counted. */
const LISTED = 20

/** The effects of people as a table: in units of the outcome, which the value does not name. Ends in a line feed. */
export function peopleText(people: readonly PersonEffect[]): string {
  const shown = people.slice(0, LISTED)
  const decimals = decimalsFor(Math.min(...shown.flatMap(({ effects }) => effects.map(({ sd }) => sd))))
  const rows = shown.flatMap(({ person, effects, flags }) =>
    effects.map((summary) => [
      person.study === undefined ? person.id : `${person.id} (${person.study})`,
      settingName(summary),
      ...numbers(summary, decimals, true),
      flags.join('; '),
    ]),
  )
  const hasFlags = shown.some(({ flags }) => flags.length > 0)
  const header = ['person', 'setting', 'effect', '95% interval', 'P(benefit)', 'P(important)', ...(hasFlags ? ['flags'] : [])]
  const more = people.length > LISTED ? `and ${people.length - LISTED} more people\n` : ''
  return textTable(header, hasFlags ? rows : rows.map((row) => row.slice(0, -1))) + more
}

function settingName({ target, study }: EffectSummary): string {
  return study === undefined ? settingNames[target] : `trial ${study}`
}

function numbers(summary: EffectSummary, decimals: number, hasImportant: boolean): string[] {
  const { mean, probabilityBenefit, probabilityImportant } = summary
  const probabilities = hasImportant ? [probabilityBenefit, probabilityImportant] : [probabilityBenefit]
  return [formatNumber(mean, decimals), formatInterval(summary, decimals), ...probabilities.map(formatProbability)]
}
