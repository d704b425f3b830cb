import { sortedQuantile } from '../../diagnostics/convergence/primitives/sorted-quantile.js'
import type { DesignColumn } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { coefficientNames } from './coefficient-draws.js'
import { heterogeneityDraws } from './heterogeneity-draws.js'
import { isPooledOverPeople } from './setting-contrast.js'

/** Between-trial standard deviation of one coefficient, in original units. */
export interface HeterogeneitySummary {
  /** `treatment`, or `treatment:age`; the name of the person where effects of people were pooled. */
  readonly coefficient: string
  /** The modifier; absent for the treatment effect itself. */
  readonly column?: DesignColumn
  readonly median: number
  /** 95% credible interval. */
  readonly lower: number
  readonly upper: number
  /** The method takes this effect as the same in all trials, so that there is nothing to estimate. */
  readonly isCommon: boolean
}

export interface HeterogeneityOptions {
  readonly columns: readonly DesignColumn[]
  /** Outcome units per unit of the analysis scale. */
  readonly outcomeScale: number
  /** `[coefficient]`: the person for whom the treatment effect is summarised; the centre of the covariates when absent. */
  readonly referenceContrast?: Float64Array
}

/**
 * Median and 95% interval of the between-trial standard deviations: first of the treatment effect at the reference patient, in units of the
 * outcome; then of each interaction, per original unit of the modifier (tau times outcome scale over column scale).
 */
export function heterogeneitySummary(pooled: Draws, options: HeterogeneityOptions): HeterogeneitySummary[] {
  const modifiers = isPooledOverPeople(pooled) ? [] : options.columns.filter((column) => column.isModifier)
  return coefficientNames(pooled).map((coefficient, index, names) => {
    const column = modifiers[index - 1]
    const contrast = new Float64Array(names.length)
    contrast[index] = options.outcomeScale / (column?.scale ?? 1)
    const reference = options.referenceContrast?.map((element) => element * options.outcomeScale)
    const sorted = heterogeneityDraws(pooled, index === 0 && reference ? reference : contrast).sort()
    return {
      coefficient,
      ...(column ? { column } : {}),
      median: sortedQuantile(sorted, 0.5),
      lower: sortedQuantile(sorted, 0.025),
      upper: sortedQuantile(sorted, 0.975),
      isCommon: sorted[sorted.length - 1] === 0,
    }
  })
}
