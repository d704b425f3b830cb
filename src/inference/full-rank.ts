/**
 * Full-rank Gaussian variational inference: of all normal distributions on the unconstrained scale, the one with the highest evidence lower bound
 *
 *     ELBO(q) = E_q log p(x) - E_q log q(x) = constant - KL(q, p)
 *
 * (automatic differentiation variational inference: Kucukelbir et al. 2017, JMLR 18(14)). Exact for a normal density; dimension (dimension + 3) / 2 parameters.
 *
 * A deterministic log density is handled with fixed draws and L-BFGS, a stochastic one with fresh draws and Adam.
 */
import { choleskyInPlace } from '../numeric/cholesky.js'
import { choleskyFactor, invertPositiveDefinite } from '../numeric/positive-definite.js'
import type { ApproximationResult } from './approximation/approximation.js'
import { denseFamily } from './approximation/dense-family.js'
import { covarianceOf } from './approximation/low-rank-normal.js'
import type { Steps } from './approximation/steps.js'
import { fitFamily, type VariationalJob } from './approximation/variational.js'

/** @throws RunError when no starting point is found, or the bound has no maximum. */
export function fullRank(job: VariationalJob): Steps<ApproximationResult> {
  return fitFamily(
    job,
    (start, precision) =>
      [covarianceOf(start), inverseOf(precision, start.dimension)].flatMap((covariance) =>
        covariance ? [denseFamily(start.mean, choleskyFactor(covariance, start.dimension))] : [],
      ),
    (dimension) => 2 * dimension,
  )
}

function inverseOf(precision: Float64Array, size: number): Float64Array | undefined {
  return choleskyInPlace(precision.slice(), size) ? invertPositiveDefinite(precision, size) : undefined
}
