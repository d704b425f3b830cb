/**
 * Posterior draws of the between-trial standard deviations tau_k of coefficients that trials estimate,
 *
 *     b_j ~ N(mu, V_j + T),   T = diag(tau_1^2, ..., tau_p^2),   mu flat,   tau_k ~ half-normal(s_k),
 *
 * by a Gibbs sampler in which the trials' own coefficients are integrated out: mu given T is normal; tau_k given the rest is drawn by slice sampling
 * with shrinkage from its whole support (Neal 2003, 10.1214/aos/1056562461). A change of tau_k changes every V_j + T by a matrix of rank one, so that
 * a slice costs O(trials), not O(trials p^3). A trial may estimate some of the coefficients only.
 */
import type { Stream } from '../contract/stream.js'
import { drawMultivariateNormal } from '../random/multivariate-normal.js'
import { choleskyFactor, invertPositiveDefinite } from './positive-definite.js'
import { choleskySolveInPlace } from './triangular-solve.js'

export interface CoefficientEstimate {
  /** Which coefficients the trial estimates, `[own]`. */
  readonly positions: readonly number[]
  /** b_j, `[own]` */
  readonly estimate: Float64Array
  /** V_j, `[own, own]` */
  readonly covariance: Float64Array
}

export interface HeterogeneitySampling {
  /** s_k, `[coefficient]` */
  readonly scales: Float64Array
  readonly warmupCount: number
  readonly drawCount: number
}

/** A half-normal variable exceeds 7 of its scales with probability 3e-12. */
const WIDEST = 7

/**
 * @returns tau, `[draw, coefficient]`
 * @throws RunError when a covariance is not positive definite, or no trial estimates a coefficient.
 */
export function diagonalHeterogeneityDraws(
  trials: readonly CoefficientEstimate[],
  { scales, warmupCount, drawCount }: HeterogeneitySampling,
  stream: Stream,
): Float64Array {
  const size = scales.length
  const tau = scales.map((scale) => scale / 2)
  const draws = new Float64Array(drawCount * size)
  for (let sweep = -warmupCount; sweep < drawCount; sweep++) {
    const precisions = trials.map((trial) => marginalPrecision(trial, tau))
    const mu = drawMean(trials, precisions, size, stream)
    const residuals = trials.map(({ positions, estimate }) => estimate.map((value, own) => value - mu[positions[own]]))
    for (let k = 0; k < size; k++) {
      const effects = trials.flatMap(({ positions }, trial) => {
        const own = positions.indexOf(k)
        return own < 0 ? [] : [rankOne(precisions[trial], residuals[trial], own)]
      })
      const before = tau[k]
      tau[k] = sliceSample(before, WIDEST * scales[k], (value) => logDensity(value, before, scales[k], effects), stream)
      for (const { precision, own } of effects) updatePrecision(precision, own, tau[k] ** 2 - before ** 2)
    }
    if (sweep >= 0) draws.set(tau, sweep * size)
  }
  return draws
}

/** (V_j + T)^-1, `[own, own]` */
function marginalPrecision({ positions, covariance }: CoefficientEstimate, tau: Float64Array): Float64Array {
  const size = positions.length
  const total = covariance.slice()
  positions.forEach((position, own) => {
    total[own * size + own] += tau[position] ** 2
  })
  return invertPositiveDefinite(total, size)
}

function drawMean(
  trials: readonly CoefficientEstimate[],
  precisions: readonly Float64Array[],
  size: number,
  stream: Stream,
): Float64Array {
  const precision = new Float64Array(size * size)
  const mean = new Float64Array(size)
  trials.forEach(({ positions, estimate }, trial) => {
    positions.forEach((row, i) => {
      positions.forEach((column, j) => {
        const weight = precisions[trial][i * positions.length + j]
        precision[row * size + column] += weight
        mean[row] += weight * estimate[j]
      })
    })
  })
  choleskySolveInPlace(choleskyFactor(precision, size), mean, size)
  return drawMultivariateNormal(stream, mean, choleskyFactor(invertPositiveDefinite(precision, size), size))
}

interface RankOneEffect {
  readonly precision: Float64Array
  readonly own: number
  /** Element of the precision matrix, and of precision x residual. */
  readonly diagonal: number
  readonly pull: number
}

function rankOne(precision: Float64Array, residual: Float64Array, own: number): RankOneEffect {
  const size = residual.length
  let pull = 0
  for (let column = 0; column < size; column++) pull += precision[own * size + column] * residual[column]
  return { precision, own, diagonal: precision[own * size + own], pull }
}

function logDensity(tau: number, before: number, scale: number, effects: readonly RankOneEffect[]): number {
  const change = tau * tau - before * before
  let sum = -0.5 * (tau / scale) ** 2
  for (const { diagonal, pull } of effects) {
    const growth = 1 + change * diagonal
    sum -= 0.5 * (Math.log(growth) - (change * pull * pull) / growth)
  }
  return sum
}

/** Sherman and Morrison: the inverse of A + change e e'. */
function updatePrecision(precision: Float64Array, own: number, change: number): void {
  const size = Math.sqrt(precision.length)
  const column = Float64Array.from({ length: size }, (_, row) => precision[row * size + own])
  const factor = change / (1 + change * column[own])
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) precision[i * size + j] -= factor * column[i] * column[j]
}

function sliceSample(current: number, most: number, density: (value: number) => number, stream: Stream): number {
  const level = density(current) + Math.log(1 - stream.uniform())
  let [low, high] = [0, most]
  for (;;) {
    const proposal = low + (high - low) * stream.uniform()
    if (density(proposal) >= level || high - low < 1e-12 * most) return proposal
    if (proposal < current) low = proposal
    else high = proposal
  }
}
