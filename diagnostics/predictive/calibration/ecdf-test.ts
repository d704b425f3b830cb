import { UsageError } from '../../../src/errors/usage-error.js'
import { binomialProbability, logFactorialTable } from './binomial-probability.js'

export interface EcdfTest {
  /** Probability that uniform ranks give an empirical distribution function at least as far out somewhere. */
  readonly pValue: number
  /** Where the function is furthest out: the share of ranks at most `rank`, observed and expected. */
  readonly worst: { readonly rank: number; readonly observed: number; readonly expected: number }
}

/** Two tail probabilities that differ by rounding only count as equal. */
const rounding = 1e-9

/**
 * Whether ranks are uniform on 0 to `largestRank`, by simultaneous confidence bands of the empirical distribution function
 * (Saeilynoja, Buerkner and Vehtari 2022, 10.1007/s11222-022-10090-6): the statistic is the smallest of the two-sided binomial
 * tail probabilities of the counts of ranks <= 0, <= 1, ...; its distribution under uniformity is exact, by recursion over the
 * counts, which form a Markov chain.
 *
 * @param ranks `[replicate]`
 * @throws UsageError when there are no ranks or one is not a whole number from 0 to `largestRank`.
 */
export function ecdfTest(ranks: ArrayLike<number>, largestRank: number): EcdfTest {
  const total = ranks.length
  const logFactorials = logFactorialTable(total)
  const counts = cumulativeCounts(ranks, largestRank)
  const tails = Array.from({ length: largestRank }, (_, rank) =>
    twoSidedTails(total, binomialProbability(total, (rank + 1) / (largestRank + 1), logFactorials)),
  )
  const observed = tails.map((tail, rank) => tail[counts[rank]])
  const smallest = Math.min(...observed)
  const worst = observed.indexOf(smallest)
  const bands = tails.map((tail) => band(tail, smallest * (1 + rounding)))
  return {
    pValue: Math.min(1, Math.max(0, 1 - probabilityInside(bands, total, largestRank, logFactorials))),
    worst: { rank: worst, observed: counts[worst] / total, expected: (worst + 1) / (largestRank + 1) },
  }
}

/** How many ranks are at most 0, 1, ... `[rank]` */
function cumulativeCounts(ranks: ArrayLike<number>, largestRank: number): number[] {
  const counts = new Array<number>(largestRank + 1).fill(0)
  for (const rank of Array.from(ranks)) {
    if (!(Number.isInteger(rank) && rank >= 0 && rank <= largestRank)) refuse(`a rank is ${rank}`, largestRank)
    counts[rank]++
  }
  if (ranks.length === 0) refuse('there are no ranks', largestRank)
  for (let rank = 1; rank <= largestRank; rank++) counts[rank] += counts[rank - 1]
  return counts
}

function refuse(problem: string, largestRank: number): never {
  throw new UsageError({ problem, remedy: `Give whole numbers from 0 to ${largestRank}, one for each replicate.` })
}

/** 2 min(P(X <= x), P(X >= x)) for every count. */
function twoSidedTails(total: number, probabilityOf: (count: number) => number): Float64Array {
  const probabilities = Float64Array.from({ length: total + 1 }, (_, count) => probabilityOf(count))
  const upper = new Float64Array(probabilities.length + 1)
  for (let count = probabilities.length - 1; count >= 0; count--) upper[count] = upper[count + 1] + probabilities[count]
  let lower = 0
  return probabilities.map((probability, count) => {
    lower += probability
    return 2 * Math.min(lower, upper[count])
  })
}

interface Band {
  readonly lowest: number
  readonly highest: number
}

/** Counts whose tail probability is above the level: an interval, since the tails fall to both sides. */
function band(tails: Float64Array, level: number): Band {
  const lowest = tails.findIndex((tail) => tail > level)
  return lowest === -1 ? { lowest: 0, highest: -1 } : { lowest, highest: tails.findLastIndex((tail) => tail > level) }
}

/** Probability that the cumulative counts of uniform ranks stay inside all bands. */
function probabilityInside(bands: readonly Band[], total: number, largestRank: number, logFactorials: Float64Array): number {
  let before = Float64Array.of(1)
  let offset = 0
  for (const [rank, { lowest, highest }] of bands.entries()) {
    const after = new Float64Array(Math.max(0, highest - lowest + 1))
    for (let index = 0; index < before.length; index++) {
      if (before[index] === 0) continue
      const reached = offset + index
      const increment = binomialProbability(total - reached, 1 / (largestRank + 1 - rank), logFactorials)
      for (let count = Math.max(lowest, reached); count <= highest; count++)
        after[count - lowest] += before[index] * increment(count - reached)
    }
    before = after
    offset = lowest
  }
  return before.reduce((sum, probability) => sum + probability, 0)
}
