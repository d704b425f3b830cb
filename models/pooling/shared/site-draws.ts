/**
 * Posterior draws of a trial as a mixture of normal kernels: S draws, evenly spaced, moved towards their mean and blurred so that mean and covariance are those of all
 * draws (West 1993, 10.1111/j.2517-6161.1993.tb01911.x):
 *
 *     m_s = b + sqrt(1 - h^2) (theta_s - b),   kernel covariance h^2 S,   h = {4 / (n (k + 2))}^(1 / (k + 4))
 *
 * for k coefficients and draws worth n (Silverman 1986, Density Estimation, section 4.3.2). The third moment of the draws shrinks by (1 - h^2)^(3 / 2).
 */
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { choleskyInPlace } from '../../../src/numeric/cholesky.js'
import { forwardSolveInPlace } from '../../../src/numeric/triangular-solve.js'
import { priorLogRatios, priorToDivideOut } from './divide-out.js'
import type { HierarchicalOptions } from './hierarchical-options.js'

/** One trial's kernels. */
export interface SiteKernels {
  /** `[coefficient]` */
  readonly estimate: Float64Array
  /** h^2 S, `[coefficient, coefficient]` */
  readonly kernelCovariance: Float64Array
  /** m_s - b, `[coefficient, kernel]` */
  readonly deviation: Float64Array
  /** `[kernel]`, their exponentials sum to 1 */
  readonly logWeight: Float64Array
}

/** Fewer draws than this describe no tail. */
const FEWEST_DRAWS = 100

/**
 * @param sharpness `sharp`: with h squared for h, so that third moments shrink by 1 - O(h^4), less than the error that finitely many draws leave in them when there are
 *   few coefficients
 * @throws DataError when there are no draws, too few, draws of another number of coefficients, draws that are not finite or lie in a plane.
 */
export function siteKernels(
  trial: TrialEstimate,
  options: HierarchicalOptions,
  count: number,
  sharpness: 'smooth' | 'sharp' = 'smooth',
): SiteKernels {
  const draws = checkedDraws(trial)
  const size = trial.coefficientNames.length
  const total = draws.length / size
  const prior = options.firstStagePrior === 'divide-out' ? priorToDivideOut(trial) : undefined
  const ratios = prior ? priorLogRatios(draws, size, prior) : new Float64Array(total)
  const all = weightedMoments(draws, normalised(ratios), size)
  const used = Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * total) / count))
  const kept = Float64Array.from(used.flatMap((draw) => Array.from(draws.subarray(draw * size, (draw + 1) * size))))
  const weights = normalised(Float64Array.from(used, (draw) => ratios[draw]))
  const own = weightedMoments(kept, weights, size)
  const [target, source] = [all.covariance.slice(), own.covariance.slice()]
  if (!choleskyInPlace(target, size) || !choleskyInPlace(source, size)) refuse(trial.study, 'its draws lie in a plane')
  const worth = 1 / weights.reduce((sum, weight) => sum + weight * weight, 0)
  const silverman = Math.exp(Math.log(4 / (worth * (size + 2))) / (size + 4))
  const bandwidth = sharpness === 'smooth' ? silverman : silverman * silverman
  const deviation = new Float64Array(size * count)
  const z = new Float64Array(size)
  for (let kernel = 0; kernel < count; kernel++) {
    for (let row = 0; row < size; row++) z[row] = kept[kernel * size + row] - own.mean[row]
    forwardSolveInPlace(source, z, size)
    for (let row = 0; row < size; row++) {
      let sum = 0
      for (let column = 0; column <= row; column++) sum += target[row * size + column] * z[column]
      deviation[row * count + kernel] = Math.sqrt(1 - bandwidth ** 2) * sum
    }
  }
  return {
    estimate: all.mean,
    kernelCovariance: all.covariance.map((value) => value * bandwidth ** 2),
    deviation,
    logWeight: weights.map(Math.log),
  }
}

/** How many draws of every trial are used: as many as are wanted, or as the trial with the fewest has. */
export function usedDrawCount(trials: readonly TrialEstimate[], wanted: number): number {
  return Math.min(wanted, ...trials.map((trial) => checkedDraws(trial).length / trial.coefficientNames.length))
}

function checkedDraws({ study, draws, coefficientNames }: TrialEstimate): Float64Array {
  const size = coefficientNames.length
  if (!draws) refuse(study, 'it comes without posterior draws, which `siteLikelihood: draws` needs')
  if (draws.length % size !== 0) refuse(study, `it has ${draws.length} numbers as draws of ${size} coefficients`)
  if (draws.length / size < FEWEST_DRAWS)
    refuse(study, `it has ${draws.length / size} draws, and fewer than ${FEWEST_DRAWS} do not show the shape of a posterior`)
  if (!draws.every(Number.isFinite)) refuse(study, 'a draw is not a finite number')
  return draws
}

function normalised(logRatios: Float64Array): Float64Array {
  const most = logRatios.reduce((a, b) => Math.max(a, b), -Infinity)
  const weights = logRatios.map((value) => Math.exp(value - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function weightedMoments(draws: Float64Array, weights: Float64Array, size: number) {
  const mean = new Float64Array(size)
  const covariance = new Float64Array(size * size)
  weights.forEach((weight, draw) => {
    for (let row = 0; row < size; row++) mean[row] += weight * draws[draw * size + row]
  })
  const correction = 1 - weights.reduce((sum, weight) => sum + weight * weight, 0)
  weights.forEach((weight, draw) => {
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++)
        covariance[row * size + column] +=
          (weight / correction) * (draws[draw * size + row] - mean[row]) * (draws[draw * size + column] - mean[column])
  })
  return { mean, covariance }
}

function refuse(study: string, reason: string): never {
  throw new DataError({
    problem: `the posterior draws of trial "${study}" cannot be pooled`,
    reason,
    remedy: 'Fit the trial again with more draws, leave it out, or use the normal form: `siteLikelihood: normal`.',
  })
}
