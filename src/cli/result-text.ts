import type { Analysis, EffectSummary, PersonEffect } from '../contract/analysis.js'
import { controlName, effectAxisLabel, treatedName } from '../report/labels.js'
import { decimalsFor, formatInterval, formatNumber, formatProbability } from '../report/number-format.js'
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

function settingName({ target, study }: EffectSummary): string {
  return study === undefined ? settingNames[target] : `trial ${study}`
}

function numbers(summary: EffectSummary, decimals: number, hasImportant: boolean): string[] {
  const { mean, probabilityBenefit, probabilityImportant } = summary
  const probabilities = hasImportant ? [probabilityBenefit, probabilityImportant] : [probabilityBenefit]
  return [formatNumber(mean, decimals), formatInterval(summary, decimals), ...probabilities.map(formatProbability)]
}
