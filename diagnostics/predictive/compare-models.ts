import { descending } from 'd3-array'
import { UsageError } from '../../src/errors/usage-error.js'
import { type Total, total } from './primitives/total.js'

/** One model in a comparison, of `loo`, `waic` or any other pointwise log predictive densities. */
export interface PredictiveScore {
  readonly pointwise: { /** `[observation]` */ readonly elpd: Float64Array }
}

export interface ComparisonRow {
  readonly name: string
  readonly elpd: Total
  /**
   * Sum of the pointwise differences from the best model, at most 0, with the standard error of that sum; 0 and 0 for the best.
   */
  readonly difference: Total
}

/**
 * Fewer observations and the standard error of a difference is too small itself (Sivula, Magnusson, Matamoros and Vehtari 2020,
 * arXiv 2008.10296).
 */
const fewObservations = 100
/** Smaller differences in elpd are too small to be told apart whatever their standard error (same source). */
const smallDifference = 4

/**
 * Models from best to worst by expected log predictive density, with the differences from the best: pointwise, because the models
 * predict the same observations (Vehtari, Gelman and Gabry 2017, 10.1007/s11222-016-9696-4).
 * @throws UsageError when there is no model or the models have different numbers of observations.
 */
export function compareModels(models: Readonly<Record<string, PredictiveScore>>): {
  readonly rows: readonly ComparisonRow[]
  readonly warnings: readonly string[]
} {
  const entries = Object.entries(models).map(([name, { pointwise }]) => ({ name, pointwise: pointwise.elpd }))
  const observationCount = commonLength(entries.map(({ pointwise }) => pointwise))
  const ranked = entries
    .map((entry) => ({ ...entry, elpd: total(entry.pointwise) }))
    .sort((a, b) => descending(a.elpd.estimate, b.elpd.estimate))
  const best = ranked[0].pointwise
  const rows = ranked.map(({ name, elpd, pointwise }, rank) => ({
    name,
    elpd,
    difference:
      rank === 0 ? { estimate: 0, standardError: 0 } : total(pointwise.map((value, observation) => value - best[observation])),
  }))
  return { rows, warnings: rows.length > 1 ? warningsOf(rows, observationCount) : [] }
}

/**
 * Number of observations, which all models share. `[model][observation]`
 * @throws UsageError when there is no model or they differ.
 */
export function commonLength(elpd: readonly Float64Array[]): number {
  const length = elpd[0]?.length ?? 0
  const odd = elpd.findIndex((each) => each.length !== length)
  if (length > 0 && odd === -1) return length
  throw new UsageError({
    problem:
      odd === -1
        ? 'there are no models or no observations to compare'
        : `model ${odd + 1} has ${elpd[odd].length} observations and model 1 has ${length}`,
    reason: 'models are compared by how they predict the same observations',
    remedy: 'Give pointwise log predictive densities of the same observations in the same order.',
  })
}

function warningsOf(rows: readonly ComparisonRow[], observationCount: number): string[] {
  const close = rows.slice(1).filter(({ difference }) => difference.estimate > -smallDifference)
  const warnings: string[] = []
  if (close.length > 0)
    warnings.push(
      `${close.map(({ name }) => name).join(', ')}: within ${smallDifference} of the best in elpd, too little to tell them apart.`,
    )
  if (observationCount < fewObservations)
    warnings.push(
      `${observationCount} observations are few: standard errors of differences are likely too small below ${fewObservations}.`,
    )
  return warnings
}
