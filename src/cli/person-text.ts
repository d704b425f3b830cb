import { outcomeSummaries } from '../effects/outcome-draws.js'
import { controlName, effectAxisLabel, outcomeName, treatedName } from '../report/labels.js'
import { decimalsFor, formatInterval, formatNumber, formatProbability, formatShare } from '../report/number-format.js'
import type { PersonEvidence } from '../report/person-evidence.js'
import { textTable } from '../report/text/text-table.js'

/** A person's effects as a table for a terminal. */
export function personText(evidence: PersonEvidence): string {
  const { protocol, effect, trials } = evidence
  const decimals = decimalsFor(Math.min(...effect.effects.map(({ sd }) => sd)))
  const names = { average: 'average', 'new-setting': 'new setting', 'existing-trial': 'trial' }
  const rows = effect.effects.map(({ target, study, mean, probabilityBenefit, ...summary }) => {
    const weight = trials.find((trial) => trial.study === study)?.weight
    return [
      study === undefined ? names[target] : `trial ${study}`,
      formatNumber(mean, decimals),
      formatInterval(summary, decimals),
      formatProbability(probabilityBenefit),
      weight === undefined ? '' : formatShare(weight),
    ]
  })
  return `${effectAxisLabel(protocol)}, ${effect.person.id}\n\n${textTable(['setting', 'effect', '95% interval', 'P(benefit)', 'weight'], rows)}${outcomeText(evidence)}`
}

/** What to expect under each treatment; nothing where the first stage does not say. */
function outcomeText({ protocol, arms }: PersonEvidence): string {
  if (!arms) return ''
  const decimals = decimalsFor(protocol.outcome.scale / 10)
  const rows = outcomeSummaries(arms).map(({ arm, mean, onePerson, ...interval }) => [
    arm === 'control' ? controlName(protocol) : treatedName(protocol),
    formatNumber(mean, decimals),
    formatInterval(interval, decimals),
    formatInterval(onePerson, decimals),
  ])
  return `\n${textTable(['under', `expected ${outcomeName(protocol)}`, '95% interval', 'one person, new setting'], rows)}`
}
