/**
 * Quantile of ascending values: linear interpolation of the order statistics at 1 + (n - 1) p, type 7 of Hyndman and Fan (1996,
 * 10.1080/00031305.1996.10473566) and the default of R. NaN when there are no values or one of them is NaN (NaN sorts last).
 *
 * Rounds as R does (position from 1, a tie returned as it is), because `draw <= quantile` turns the last bit into a whole draw.
 */
export function sortedQuantile(sorted: Float64Array, probability: number): number {
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return Number.NaN
  const position = 1 + (sorted.length - 1) * probability
  const below = sorted[Math.floor(position) - 1]
  const above = sorted[Math.ceil(position) - 1]
  if (below === above) return below
  const weight = position - Math.floor(position)
  return (1 - weight) * below + weight * above
}

/** Median of ascending values; of an even number, the mean of the middle two, which thus lie at exactly the same distance. NaN as above. */
export function sortedMedian(sorted: Float64Array): number {
  if (sorted.length % 2 === 1 || sorted.length === 0) return sortedQuantile(sorted, 0.5)
  if (Number.isNaN(sorted[sorted.length - 1])) return Number.NaN
  return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2
}
