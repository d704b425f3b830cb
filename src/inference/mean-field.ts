/**
 * Mean-field Gaussian variational inference: of all normal distributions with independent coordinates on the unconstrained scale, the one with the
 * highest evidence lower bound
 *
 *     ELBO(q) = E_q log p(x) - E_q log q(x) = constant - KL(q, p)
 *
 * (automatic differentiation variational inference: Kucukelbir et al. 2017, JMLR 18(14)). For a normal density with precision P its means are exact and its
 * variances 1 / P_ii, too small when coordinates are correlated.
 *
 * A deterministic log density is handled with fixed draws and L-BFGS, a stochastic one with fresh draws and Adam.
 */
import type { ApproximationResult } from './approximation/approximation.js'
import { diagonalFamily } from './approximation/diagonal-family.js'
import { conditionalVariances } from './approximation/low-rank-normal.js'
import type { Steps } from './approximation/steps.js'
import { fitFamily, type VariationalJob } from './approximation/variational.js'

/** Twice as many antithetic pairs as dimensions match all second moments; beyond this many only the variances are matched. */
const MOST_PAIRS = 64

/** @throws RunError when no starting point is found, or the bound has no maximum. */
export function meanField(job: VariationalJob): Steps<ApproximationResult> {
  return fitFamily(
    job,
    (start, precision) => [
      diagonalFamily(start.mean, conditionalVariances(start).map(Math.sqrt)),
      diagonalFamily(
        start.mean,
        start.mean.map((_, i) => 1 / Math.sqrt(precision[i * (start.dimension + 1)])),
      ),
    ],
    (dimension) => Math.min(2 * dimension, MOST_PAIRS),
  )
}
