/** Mean over chains `[chain][draw]` with its Monte Carlo standard error, from Geyer's (1992) initial monotone sequence of autocovariances. */
export function meanWithError(chains: readonly Float64Array[]): { mean: number; standardError: number } {
  const drawCount = chains[0].length
  const total = drawCount * chains.length
  const mean = chains.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0) / total
  const autocovariance = (lag: number) =>
    chains.reduce((sum, chain) => {
      for (let i = 0; i + lag < drawCount; i++) sum += (chain[i] - mean) * (chain[i + lag] - mean)
      return sum
    }, 0) / total
  const variance = autocovariance(0)
  let longRun = -variance
  let previous = Number.POSITIVE_INFINITY
  for (let lag = 0; lag + 1 < drawCount / 2; lag += 2) {
    const pair = Math.min(previous, autocovariance(lag) + autocovariance(lag + 1))
    if (pair <= 0) break
    longRun += 2 * pair
    previous = pair
  }
  // Antithetic chains can bring the estimate near or below zero; no more than log10(N) times the draws are credited, as in Stan.
  return { mean, standardError: Math.sqrt(Math.max(longRun, variance / Math.log10(total)) / total) }
}

/** Largest distance between the empirical distribution of `values` and this distribution function. */
export function kolmogorovDistance(values: Float64Array, distribution: (x: number) => number): number {
  const sorted = values.slice().sort()
  let distance = 0
  for (let i = 0; i < sorted.length; i++) {
    const probability = distribution(sorted[i])
    distance = Math.max(distance, probability - i / sorted.length, (i + 1) / sorted.length - probability)
  }
  return distance
}
