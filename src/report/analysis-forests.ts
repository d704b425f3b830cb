import type { Analysis, Person } from '../contract/analysis.js'
import type { DesignColumn } from '../contract/trial.js'
import { settingContrast } from '../effects/setting-contrast.js'
import type { ForestData } from './figures/forest.js'
import { forestData } from './forest-data.js'
import { contrastLabel, directions, effectAxisLabel, interactionUnit, outcomeName, treatedName } from './labels.js'

/** A person's effect across trials, in units of the outcome. */
export function referenceForestData(analysis: Analysis, person: Person): ForestData {
  const { id } = person
  const { protocol, columns, trialFits } = analysis
  const contrast = settingContrast(analysis.pooled.draws, person, columns, protocol.covariates)
  return forestData(
    analysis,
    contrast.map((element) => element * protocol.outcome.scale),
    {
      axisLabel: effectAxisLabel(protocol),
      directions: directions(protocol),
      ariaLabel: `Forest plot: effect of ${treatedName(protocol)} on ${outcomeName(protocol)} for the ${id} in ${trialFits.length} trials, in the average setting and in a new setting`,
    },
  )
}

/** How the effect changes with one modifier across trials, per original unit or against the reference level. */
export function modifierForestData(analysis: Analysis, column: DesignColumn): ForestData {
  const { protocol, columns, trialFits } = analysis
  const modifiers = columns.filter((candidate) => candidate.isModifier)
  const contrast = new Float64Array(1 + modifiers.length)
  contrast[1 + modifiers.indexOf(column)] = protocol.outcome.scale / column.scale
  const unit = interactionUnit(column, protocol)
  return forestData(analysis, contrast, {
    axisLabel: unit ? `Change in effect (${unit})` : 'Change in effect',
    ariaLabel: `Forest plot: change in the effect with ${contrastLabel(column, protocol)}, in ${trialFits.length} trials, in the average setting and in a new setting`,
  })
}
