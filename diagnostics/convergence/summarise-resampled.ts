/**
 * Summary of independent draws that importance resampling took from weighted proposals, of which it may have taken one several times.
 *
 * Let proposal i with weight w_i be taken c_i times, N in all. The mean of f over the draws has the variance
 *
 *     sum_i {w_i^2 + var(c_i) / N^2} (f_i - mean)^2 = sum_i E(c_i^2) (f_i - mean)^2 / N^2
 *
 * of the weights (Kong, Liu and Wong 1994, 10.1080/01621459.1994.10476469) and of the resampling together, when E(c_i) = N w_i and counts are otherwise
 * nearly independent, as systematic resampling in random order makes them (Kitagawa 1996, 10.1080/10618600.1996.10474692; Douc, Cappe and Moulines 2005, arXiv
 * cs/0507025). So the draws of one proposal count as one cluster, and the effective sample size of f is
 *
 *     N sum_draws (f - mean)^2 / sum_clusters {sum_draws in it (f - mean)}^2,
 *
 * which is N when no draw is repeated. It is never put above the effective sample size of the weights, which is what counts when they are unreliable.
 * R-hat says nothing about independent draws and is NaN.
 */
import type { Draws } from '../../src/draws/draws.js'
import { scalars } from '../../src/draws/scalars.js'
import type { SummaryRow } from '../../src/draws/summary-row.js'
import { isAssessable } from './primitives/is-assessable.js'
import { mean } from './primitives/moments.js'
import { rankNormalise } from './primitives/rank-normalise.js'
import { sortedQuantile } from './primitives/sorted-quantile.js'
import { summarise } from './summarise.js'

/**
 * @param draws in one chain
 * @param proposals which proposal each draw is, `[draw]`
 * @param weightSampleSize effective sample size of the weights
 */
export function summariseResampled(draws: Draws, proposals: Float64Array, weightSampleSize: number): SummaryRow[] {
  const all = scalars(draws)
  const sampleSize = (values: Float64Array) => Math.min(clusteredSampleSize(values, proposals), weightSampleSize)
  return summarise(draws).map((row, index) => {
    const [values] = all[index].chains
    const essMean = isAssessable([values]) ? sampleSize(values) : Number.NaN
    return {
      ...row,
      rhat: Number.NaN,
      essBulk: isAssessable([values]) ? sampleSize(rankNormalise([values])[0]) : Number.NaN,
      essTail: isAssessable([values]) ? Math.min(...tailIndicators(values).map(sampleSize)) : Number.NaN,
      mcseMean: row.sd / Math.sqrt(essMean),
    }
  })
}

/** Of the mean of `values` `[draw]`; NaN when they are constant. */
export function clusteredSampleSize(values: Float64Array, clusters: Float64Array): number {
  const centre = mean(values)
  const sums = new Map<number, number>()
  let squares = 0
  values.forEach((value, draw) => {
    const deviation = value - centre
    squares += deviation * deviation
    sums.set(clusters[draw], (sums.get(clusters[draw]) ?? 0) + deviation)
  })
  let between = 0
  for (const sum of sums.values()) between += sum * sum
  return (values.length * squares) / between
}

/** Whether draws are at or below the 5% and the 95% quantile. */
function tailIndicators(values: Float64Array): Float64Array[] {
  const sorted = values.toSorted()
  return [0.05, 0.95].map((probability) => {
    const threshold = sortedQuantile(sorted, probability)
    return values.map((value) => (value <= threshold ? 1 : 0))
  })
}
