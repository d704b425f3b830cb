import type { PlotOptions } from '@observablehq/plot'
import type { Analysis } from '../contract/analysis.js'
import { UsageError } from '../errors/usage-error.js'
import { modifierForestData, referenceForestData } from './analysis-forests.js'
import { effectIntervalsFigure } from './figures/effect-intervals.js'
import { forestFigure } from './figures/forest.js'
import { wideWidth } from './figures/theme.js'
import { effectIntervalsData } from './patient-data.js'

/** The figures of the report one by one, for notebooks and scripts; `figureSvg` draws them. */
export interface AnalysisFigureOptions {
  /** In pixels. */
  readonly width?: number
}

const rowHeight = 26
const patientLimit = 150

/**
 * Forest plot of the effect for the reference patient or a profile of the protocol.
 * @param profile the name of a profile; the reference patient when absent
 * @throws UsageError when there is no such profile.
 */
export function effectForest(
  analysis: Analysis,
  { width = wideWidth, profile }: AnalysisFigureOptions & { readonly profile?: string } = {},
): PlotOptions {
  const people = analysis.profileEffects.map(({ person }) => person)
  const person = profile === undefined ? people[0] : people.find(({ id }) => id === profile)
  if (!person)
    throw unknown(
      'profile',
      profile ?? '',
      people.map(({ id }) => id),
    )
  return forestFigure(referenceForestData(analysis, person), { width, hasNumbers: width > 500, rowHeight })
}

/**
 * Forest plot of the change in effect with one modifier.
 * @param modifier name of its design column, such as `age` or `clinic=NY`
 * @throws UsageError when it is no modifier.
 */
export function modifierForest(
  analysis: Analysis,
  modifier: string,
  { width = wideWidth }: AnalysisFigureOptions = {},
): PlotOptions {
  const modifiers = analysis.columns.filter((column) => column.isModifier)
  const column = modifiers.find(({ name }) => name === modifier)
  if (!column)
    throw unknown(
      'modifier',
      modifier,
      modifiers.map(({ name }) => name),
    )
  return forestFigure(modifierForestData(analysis, column), { width, hasNumbers: width > 500, rowHeight })
}

/** Effects of the analysed patients in order, with credible and prediction intervals; equally spaced ranks when they are many. */
export function patientEffects(analysis: Analysis, { width = wideWidth }: AnalysisFigureOptions = {}): PlotOptions {
  return effectIntervalsFigure(effectIntervalsData(analysis, patientLimit), width)
}

function unknown(what: string, name: string, known: readonly string[]): UsageError {
  return new UsageError({ problem: `this analysis has no ${what} "${name}"`, remedy: `Choose one of: ${known.join(', ')}.` })
}
