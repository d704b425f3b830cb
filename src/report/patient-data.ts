import type { Analysis, EffectSummary, PersonEffect, Target } from '../contract/analysis.js'
import { personContrast } from '../effects/person-contrast.js'
import { personEffects } from '../effects/person-effects.js'
import { type EffectDistributionData, effectBins } from './figures/effect-distribution.js'
import type { EffectIntervalsData, PatientInterval } from './figures/effect-intervals.js'
import { effectAxisLabel, importantEffect, intervalKind } from './labels.js'

/** Patients by predicted effect in the average setting, smallest first; those whose effect is not finite are left out. */
export function patientsByEffect({ patientEffects }: Analysis): PersonEffect[] {
  const mean = (effect: PersonEffect) => summaryFor(effect, 'average')?.mean ?? Number.NaN
  return patientEffects.filter((effect) => Number.isFinite(mean(effect))).sort((first, second) => mean(first) - mean(second))
}

export function summaryFor({ effects }: PersonEffect, target: Target): EffectSummary | undefined {
  return effects.find((summary) => summary.target === target)
}

/**
 * Intervals of at most `limit` patients at equally spaced ranks, the first and the last included. The prediction for a new setting is computed here
 * for those shown when the analysis does not hold it.
 */
export function effectIntervalsData(analysis: Analysis, limit: number): EffectIntervalsData {
  const { protocol } = analysis
  const sorted = patientsByEffect(analysis)
  const shown = equallySpaced(sorted.length, limit)
  const complete = withNewSetting(
    shown.map((index) => sorted[index]),
    analysis,
  )
  const important = importantEffect(protocol)
  return {
    patients: complete.map((effect, position): PatientInterval => {
      const [average, newSetting] = (['average', 'new-setting'] as const).map((target) => summaryFor(effect, target)!)
      return { rank: shown[position] + 1, study: effect.person.study ?? '', average, newSetting }
    }),
    patientCount: sorted.length,
    axisLabel: effectAxisLabel(protocol),
    ...(important === undefined ? {} : { importantEffect: important }),
    ariaLabel: `Predicted effects of ${shown.length} of ${sorted.length} patients in order of size, each with a ${intervalKind(analysis)} interval for the average setting and a prediction interval for a new setting`,
  }
}

/** Histogram of the predicted effects in the average setting. */
export function effectDistributionData(analysis: Analysis): EffectDistributionData {
  const means = patientsByEffect(analysis).map((patient) => summaryFor(patient, 'average')!.mean)
  const important = importantEffect(analysis.protocol)
  return {
    bins: effectBins(means),
    axisLabel: effectAxisLabel(analysis.protocol),
    mean: means.reduce((sum, value) => sum + value, 0) / means.length,
    ...(important === undefined ? {} : { importantEffect: important }),
    ariaLabel: `Histogram of the predicted effects of ${means.length} patients in the average setting`,
  }
}

/** Indices 0 .. count - 1 thinned to at most `limit`, ends included. */
export function equallySpaced(count: number, limit: number): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, index) => index)
  return Array.from({ length: limit }, (_, index) => Math.round((index * (count - 1)) / (limit - 1)))
}

function withNewSetting(effects: readonly PersonEffect[], { pooled, columns, protocol }: Analysis): PersonEffect[] {
  const lacking = effects.filter((effect) => !summaryFor(effect, 'new-setting'))
  const computed = personEffects(
    pooled.draws,
    lacking.map((effect) => effect.person),
    {
      columns,
      outcomeScale: protocol.outcome.scale,
      better: protocol.outcome.better,
      smallestImportantEffect: protocol.smallestImportantEffect,
      flags: () => [],
      contrast: (person) => personContrast(person.covariates, columns, protocol.covariates),
      targets: () => [{ target: 'new-setting' }],
    },
  )
  const added = new Map(lacking.map((effect, index) => [effect, computed[index].effects]))
  return effects.map((effect) => ({ ...effect, effects: [...effect.effects, ...(added.get(effect) ?? [])] }))
}
