import type { PlotOptions } from '@observablehq/plot'
import type { Analysis, Person } from '../contract/analysis.js'
import { UsageError } from '../errors/usage-error.js'
import { modifierForestData, referenceForestData } from './analysis-forests.js'
import { analysisPerson } from './analysis-person.js'
import { effectDistributionFigure } from './figures/effect-distribution.js'
import { effectIntervalsFigure } from './figures/effect-intervals.js'
import { forestFigure } from './figures/forest.js'
import { quantileDotsFigure } from './figures/quantile-dots.js'
import { shrinkageFigure } from './figures/shrinkage.js'
import { wideWidth } from './figures/theme.js'
import { trialWeightsFigure } from './figures/trial-weights.js'
import { effectDistributionData, effectIntervalsData } from './patient-data.js'
import { effectDots } from './sections/person/effect-dots.js'
import { profileWeights, shrinkageData } from './weights-data.js'

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

/** Histogram of the predicted effects of the analysed patients. */
export function effectHistogram(analysis: Analysis, { width = wideWidth }: AnalysisFigureOptions = {}): PlotOptions {
  return effectDistributionFigure(effectDistributionData(analysis), width)
}

/** Share of each trial in the average effect of each profile. @throws UsageError when the weights cannot be computed. */
export function weightsByProfile(analysis: Analysis, { width = wideWidth }: AnalysisFigureOptions = {}): PlotOptions {
  const data = profileWeights(analysis)
  if (data) return trialWeightsFigure(data, width)
  throw new UsageError({
    problem: 'the weights of the trials cannot be computed',
    reason: 'there are no profiles, fewer than two trials, or covariances that cannot be inverted',
    remedy: 'See the warnings of the analysis for trials whose coefficients are not estimated.',
  })
}

/** How far each trial's effect is pulled to the average, for the reference patient or a profile. @throws UsageError when there is no such profile. */
export function trialShrinkage(
  analysis: Analysis,
  { width = wideWidth, profile }: AnalysisFigureOptions & { readonly profile?: string } = {},
): PlotOptions {
  const names = analysis.profileEffects.map(({ person }) => person.id)
  const data = shrinkageData(analysis, profile === undefined ? 0 : names.indexOf(profile))
  if (data) return shrinkageFigure(data, width)
  throw unknown('profile', profile ?? '', names)
}

/** Equally likely values of a person's effect, in the average and in a new setting. @throws UsageError as `analysisPerson` does. */
export function effectDotPlot(
  analysis: Analysis,
  person: Person,
  { width = wideWidth }: AnalysisFigureOptions = {},
): PlotOptions {
  return quantileDotsFigure(effectDots(analysisPerson(analysis, person)), width)
}

function unknown(what: string, name: string, known: readonly string[]): UsageError {
  return new UsageError({ problem: `this analysis has no ${what} "${name}"`, remedy: `Choose one of: ${known.join(', ')}.` })
}
