/**
 * One-sample Kolmogorov-Smirnov test: whether the largest distance between the empirical and the given distribution function exceeds its
 * critical value at level alpha, sqrt(log(2 / alpha) / 2) / (sqrt n + 0.12 + 0.11 / sqrt n) (Stephens 1970, 10.1111/j.2517-6161.1970.tb00821.x).
 */
export function isRejected(sample: ArrayLike<number>, distributionFunction: (x: number) => number, alpha = ALPHA): boolean {
  const sorted = Float64Array.from(sample).sort()
  const count = sorted.length
  const distance = sorted.reduce((most, value, index) => {
    const probability = distributionFunction(value)
    return Math.max(most, probability - index / count, (index + 1) / count - probability)
  }, 0)
  const root = Math.sqrt(count)
  return distance * (root + 0.12 + 0.11 / root) > Math.sqrt(Math.log(2 / alpha) / 2)
}

/** Per test; with about 40 tests of fixed seeds the family-wise level is 4e-3. */
const ALPHA = 1e-4

/** That many draws. */
export function sampleOf(count: number, draw: () => number): Float64Array {
  return Float64Array.from({ length: count }, draw)
}
