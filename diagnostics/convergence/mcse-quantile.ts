import { essQuantile } from './ess-quantile.js'
import { betaQuantile } from './primitives/beta-quantile.js'
import { type Chains, sortedDraws } from './primitives/chains.js'

/** Normal probabilities at -1 and 1, to the digits that R package posterior uses. */
const oneSdBelow = 0.1586553
const oneSdAbove = 0.8413447

/**
 * Monte Carlo standard error of a quantile of `[chain][draw]`, in units of the quantity: half the distance between the order statistics at
 * the 16% and 84% points of the Beta(ESS p + 1, ESS (1 - p) + 1) distribution of the probability content
 * (Vehtari et al. 2021, 10.1214/20-BA1221, section 4.4). NaN where `essQuantile` is.
 * @throws UsageError when the probability is outside [0, 1] or the chains differ in length.
 */
export function mcseQuantile(chains: Chains, probability: number): number {
  const size = essQuantile(chains, probability)
  if (Number.isNaN(size)) return Number.NaN
  const sorted = sortedDraws(chains)
  const content = (level: number) => betaQuantile(level, size * probability + 1, size * (1 - probability) + 1) * sorted.length
  const lower = sorted[Math.max(Math.floor(content(oneSdBelow)), 1) - 1]
  const upper = sorted[Math.min(Math.ceil(content(oneSdAbove)), sorted.length) - 1]
  return (upper - lower) / 2
}
