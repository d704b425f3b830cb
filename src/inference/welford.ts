/** Running mean and sum of squared deviations of each coordinate (Welford 1962, doi 10.2307/1266577). Changed in place. */
export interface Welford {
  count: number
  /** `[dimension]` */
  readonly mean: Float64Array
  /** Sum of squared deviations from the mean, `[dimension]`. */
  readonly deviation: Float64Array
}

export function createWelford(dimension: number): Welford {
  return { count: 0, mean: new Float64Array(dimension), deviation: new Float64Array(dimension) }
}

export function addPosition(welford: Welford, position: Float64Array): void {
  const { mean, deviation } = welford
  welford.count++
  for (let i = 0; i < mean.length; i++) {
    const difference = position[i] - mean[i]
    mean[i] += difference / welford.count
    deviation[i] += difference * (position[i] - mean[i])
  }
}

/**
 * Sample variances (denominator n - 1) shrunk towards 10^-3 as if by five more observations, as Stan does (its constants are arbitrary):
 *
 *     n/(n + 5) variance + 10^-3 5/(n + 5)
 *
 * With fewer than two observations, or where a variance is not finite, 1. `[dimension]`, the caller's to keep.
 */
export function regularisedVariance({ count, deviation }: Welford): Float64Array {
  return deviation.map((sum) => {
    const variance = (count / (count + 5)) * (sum / (count - 1)) + 1e-3 * (5 / (count + 5))
    return count > 1 && Number.isFinite(variance) ? variance : 1
  })
}
