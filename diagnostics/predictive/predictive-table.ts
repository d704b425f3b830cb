import { UsageError } from '../../src/errors/usage-error.js'
import { mean } from '../convergence/primitives/moments.js'
import { sortedQuantile } from '../convergence/primitives/sorted-quantile.js'
import { defaultTestQuantities, type TestQuantity } from './test-quantities.js'

/** One test quantity of the observed outcome beside those of replicated outcomes. */
export interface PredictiveRow {
  readonly name: string
  readonly observed: number
  readonly replicatedMean: number
  /** 2.5% and 97.5% quantiles of the replicated quantity. */
  readonly lower: number
  readonly upper: number
  /** Share of replicates at most, and at least, as large as observed; they exceed 1 together by the share of ties. */
  readonly lowerTail: number
  readonly upperTail: number
  /** Twice the smaller tail, at most 1. */
  readonly pValue: number
}

/**
 * Test quantities of an observed outcome among those of replicated ones, and their predictive p-values (Rubin 1984,
 * 10.1214/aos/1176346785; Gelman, Meng and Stern 1996). A small p-value says which feature of the data the model does not
 * reproduce. Posterior predictive p-values are not uniform under the model: they gather about 0.5, most for quantities that the
 * model fits. NaN where a quantity is.
 *
 * @param observed `[observation]`
 * @param replicated `[draw, observation]`
 * @throws UsageError when the replicates do not have as many observations, or there are none.
 */
export function predictiveTable(
  observed: Float64Array,
  replicated: Float64Array,
  quantities: Readonly<Record<string, TestQuantity>> = defaultTestQuantities,
): PredictiveRow[] {
  const size = observed.length
  const replicateCount = replicated.length / size
  if (!(Number.isInteger(replicateCount) && replicateCount > 0))
    throw new UsageError({
      problem: `${replicated.length} replicated values are not whole replicates of ${size} observations`,
      remedy: 'Give replicates of the same observations, [draw, observation].',
    })
  return Object.entries(quantities).map(([name, quantity]) => {
    const values = Float64Array.from({ length: replicateCount }, (_, draw) =>
      quantity(replicated.subarray(draw * size, (draw + 1) * size)),
    )
    return predictiveRow(name, quantity(observed), values)
  })
}

function predictiveRow(name: string, observed: number, values: Float64Array): PredictiveRow {
  const isDefined = !Number.isNaN(observed) && !values.some(Number.isNaN)
  const share = (isCounted: (value: number) => boolean) =>
    isDefined ? values.filter(isCounted).length / values.length : Number.NaN
  const lowerTail = share((value) => value <= observed)
  const upperTail = share((value) => value >= observed)
  const sorted = values.slice().sort()
  return {
    name,
    observed,
    replicatedMean: mean(values),
    lower: sortedQuantile(sorted, 0.025),
    upper: sortedQuantile(sorted, 0.975),
    lowerTail,
    upperTail,
    pValue: Math.min(1, 2 * Math.min(lowerTail, upperTail)),
  }
}
