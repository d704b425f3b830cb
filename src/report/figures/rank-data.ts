import { essBulk } from '../../../diagnostics/convergence/ess-bulk.js'
import { splitChains } from '../../../diagnostics/convergence/primitives/split-chains.js'
import type { Scalar } from '../../draws/scalars.js'
import { undrawable } from '../quantity-state.js'
import { rankBand } from '../rank-band.js'
import { rankCounts } from '../rank-counts.js'

export interface RankData {
  readonly name: string
  /** Why there is nothing to draw. */
  readonly problem?: string
  /** Fractions of all draws at which ranks are compared. `[threshold]` */
  readonly fractions: readonly number[]
  /** Share of the chain's draws below each fraction, minus the fraction. `[chain][threshold]` */
  readonly differences: readonly (readonly number[])[]
  /** `chain 1`, or `first half` of a single chain. `[chain]` */
  readonly labels: readonly string[]
  /** Simultaneous 95% band for all chains. `[threshold]` */
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  /** Every how many draws one was taken, to make them nearly independent. */
  readonly thinning: number
}

const coverage = 0.95
const thresholdCount = 40

/**
 * Ranks of each chain's draws among the draws of all chains, as differences of empirical distribution functions, with a simultaneous band
 * (see `rankBand`; Bonferroni over chains). Draws are thinned by their effective sample size within chains, since the band is for
 * independent draws. A single chain is compared by halves.
 */
export function rankData({ name, chains }: Scalar): RankData {
  const problem = undrawable({ name, chains }) ?? (chains[0].length < 4 ? 'fewer than 4 draws a chain' : undefined)
  if (problem !== undefined)
    return { name, problem, fractions: [], differences: [], labels: [], lower: [], upper: [], thinning: 1 }
  const whole = chains.length === 1 ? splitChains(chains) : chains
  const thinning = thinningOf(whole)
  const parts = whole.map((chain) => chain.filter((_, draw) => draw % thinning === 0))
  const labels = chains.length === 1 ? ['first half', 'second half'] : parts.map((_, index) => `chain ${index + 1}`)
  const [each, total] = [parts[0].length, parts[0].length * parts.length]
  const steps = Math.min(thresholdCount, total)
  const thresholds = Array.from({ length: steps - 1 }, (_, index) => Math.round(((index + 1) * total) / steps))
  const band = rankBand(each, total, thresholds, 1 - (1 - coverage) / (parts.length === 2 ? 1 : parts.length))
  const relative = (counts: ArrayLike<number>) => Array.from(counts, (count, index) => count / each - thresholds[index] / total)
  return {
    name,
    labels,
    thinning,
    fractions: thresholds.map((threshold) => threshold / total),
    differences: rankCounts(parts, thresholds).map(relative),
    lower: relative(band.lower),
    upper: relative(band.upper),
  }
}

/** Each chain's own effective sample size: that of all chains together is small when they disagree, which is what is to be seen. */
function thinningOf(chains: readonly Float64Array[]): number {
  const sizes = chains.map((chain) => essBulk([chain]))
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  const length = chains[0].length
  return mean > 0 && mean < length ? Math.min(Math.round(length / mean), Math.max(1, Math.floor(length / 4))) : 1
}

/** Chains that leave the band, by index. */
export function chainsOutside({ differences, lower, upper }: RankData): number[] {
  return differences.flatMap((values, chain) =>
    values.some((value, index) => value < lower[index] - 1e-12 || value > upper[index] + 1e-12) ? [chain] : [],
  )
}
