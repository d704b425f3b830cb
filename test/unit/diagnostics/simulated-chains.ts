import seedrandom from 'seedrandom'

/** `[chain][draw]` of a stationary normal AR(1) process with mean 0 and standard deviation 1; independent draws by default. */
export function simulatedChains(seed: string, chainCount: number, drawCount: number, correlation = 0): Float64Array[] {
  const normal = standardNormal(seed)
  const innovation = Math.sqrt(1 - correlation ** 2)
  return Array.from({ length: chainCount }, () => {
    let state = normal()
    return Float64Array.from({ length: drawCount }, (_, draw) => {
      if (draw > 0) state = correlation * state + innovation * normal()
      return state
    })
  })
}

/** Box and Muller's transformation. */
function standardNormal(seed: string): () => number {
  const uniform = seedrandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** The same chains with one of them changed. */
export function withChain(
  chains: readonly Float64Array[],
  changed: number,
  change: (value: number, draw: number) => number,
): Float64Array[] {
  return chains.map((chain, index) => (index === changed ? chain.map(change) : chain))
}

export function mapDraws(chains: readonly Float64Array[], change: (value: number) => number): Float64Array[] {
  return chains.map((chain) => chain.map(change))
}

/**
 * Four standard errors of a relative integrated autocorrelation time: 4 sqrt(2 (2 M + 1) / S) for a window of M lags and S draws
 * (Sokal 1997, 10.1007/978-1-4899-0319-8_6). Geyer's rule ends where pairs of correlations sink into noise of size 1 / sqrt(S).
 */
export function fourStandardErrors(drawCount: number, correlation: number): number {
  const noise = Math.log(1 / Math.sqrt(drawCount))
  const window = correlation === 0 ? 3 : 3 + noise / Math.log(Math.abs(correlation))
  return 4 * Math.sqrt((2 * (2 * window + 1)) / drawCount)
}
