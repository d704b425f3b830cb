import type { Draws } from '../../src/draws/draws.js'
import { eachScalar, type Scalar } from '../../src/draws/scalars.js'
import type { SummaryRow } from '../../src/draws/summary-row.js'
import { UsageError } from '../../src/errors/usage-error.js'
import { essSortedTail } from './ess-tail.js'
import { mcseMean } from './mcse-mean.js'
import { effectiveSampleSize } from './primitives/effective-sample-size.js'
import { mean, variance } from './primitives/moments.js'
import { foldOrdered, orderDraws, splitNormalScores } from './primitives/ordered-draws.js'
import { sortedMedian, sortedQuantile } from './primitives/sorted-quantile.js'
import { rhatOfScores } from './rhat.js'

export type { SummaryRow } from '../../src/draws/summary-row.js'

/** 1 / Phi^-1(3/4) to the digits that R's `mad` uses. */
const madScale = 1.4826

/**
 * One row per scalar of the draws, in storage order.
 * @throws UsageError for weighted draws: R-hat and effective sample size say nothing about a mixture of weighted draws.
 */
export function summarise(draws: Draws): SummaryRow[] {
  requireUnweighted(draws)
  return Array.from(eachScalar(draws), summaryRow)
}

/** @throws UsageError for weighted draws */
export function requireUnweighted({ logWeights }: Draws): void {
  if (logWeights)
    throw new UsageError({
      problem: 'these draws carry weights',
      reason: 'R-hat and effective sample size are defined for the draws of a Markov chain, not for a weighted mixture of draws',
      remedy:
        'Summarise each fit before it is weighted, or draw from these in proportion to the weights and summarise the effects instead.',
    })
}

/** Of one scalar. */
export function summaryRow({ name, chains }: Scalar): SummaryRow {
  const ordered = orderDraws(chains)
  const { sorted } = ordered
  const folded = foldOrdered(ordered)
  const scores = splitNormalScores(ordered)
  return {
    name,
    mean: mean(sorted),
    median: sortedMedian(sorted),
    sd: Math.sqrt(variance(sorted)),
    mad: madScale * sortedMedian(folded.sorted),
    q2_5: sortedQuantile(sorted, 0.025),
    q5: sortedQuantile(sorted, 0.05),
    q95: sortedQuantile(sorted, 0.95),
    q97_5: sortedQuantile(sorted, 0.975),
    rhat: rhatOfScores(scores, folded),
    essBulk: effectiveSampleSize(scores),
    essTail: essSortedTail(chains, sorted),
    mcseMean: mcseMean(chains),
  }
}
