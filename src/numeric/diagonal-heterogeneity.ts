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
import { choleskyInPlace } from './cholesky.js'
import { choleskyFactor, invertPositiveDefinite, writeInverse } from './positive-definite.js'
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
  const states = trials.map((trial) => trialState(trial, size))
  const tau = scales.map((scale) => scale / 2)
  const draws = new Float64Array(drawCount * size)
  const [diagonals, pulls] = [new Float64Array(trials.length), new Float64Array(trials.length)]
  for (let sweep = -warmupCount; sweep < drawCount; sweep++) {
    for (const state of states) writePrecision(state, tau)
    const mu = drawMean(states, size, stream)
    for (const { positions, estimate, residual } of states)
      for (let own = 0; own < residual.length; own++) residual[own] = estimate[own] - mu[positions[own]]
    for (let k = 0; k < size; k++) {
      let count = 0
      for (const state of states) {
        const own = state.places[k]
        if (own < 0) continue
        diagonals[count] = state.precision[own * state.residual.length + own]
        pulls[count++] = pullOf(state, own)
      }
      const before = tau[k]
      const density = (value: number) => logDensity(value, before, scales[k], diagonals, pulls, count)
      tau[k] = sliceSample(before, WIDEST * scales[k], density, stream)
      for (const state of states) if (state.places[k] >= 0) updatePrecision(state, state.places[k], tau[k] ** 2 - before ** 2)
    }
    if (sweep >= 0) draws.set(tau, sweep * size)
  }
  return draws
}

/** Of a trial, with room for what changes from sweep to sweep. */
interface TrialState extends CoefficientEstimate {
  /** Place among its own of every coefficient, -1 for one that it does not estimate, `[coefficient]`. */
  readonly places: Int32Array
  /** (V_j + T)^-1, `[own, own]` */
  readonly precision: Float64Array
  /** b_j - mu, `[own]` */
  readonly residual: Float64Array
  readonly factor: Float64Array
  readonly column: Float64Array
}

function trialState(trial: CoefficientEstimate, size: number): TrialState {
  const own = trial.positions.length
  return {
    ...trial,
    places: Int32Array.from({ length: size }, (_, k) => trial.positions.indexOf(k)),
    precision: new Float64Array(own * own),
    residual: new Float64Array(own),
    factor: new Float64Array(own * own),
    column: new Float64Array(own),
  }
}

function writePrecision({ positions, covariance, precision, factor }: TrialState, tau: Float64Array): void {
  const size = positions.length
  precision.set(covariance)
  for (let own = 0; own < size; own++) precision[own * size + own] += tau[positions[own]] ** 2
  factor.set(precision)
  if (!choleskyInPlace(factor, size)) choleskyFactor(precision, size) // throws
  writeInverse(factor, size, precision)
}

function drawMean(states: readonly TrialState[], size: number, stream: Stream): Float64Array {
  const total = new Float64Array(size * size)
  const mean = new Float64Array(size)
  for (const { positions, estimate, precision } of states) {
    const own = estimate.length
    for (let i = 0; i < own; i++)
      for (let j = 0; j < own; j++) {
        const weight = precision[i * own + j]
        total[positions[i] * size + positions[j]] += weight
        mean[positions[i]] += weight * estimate[j]
      }
  }
  choleskySolveInPlace(choleskyFactor(total, size), mean, size)
  return drawMultivariateNormal(stream, mean, choleskyFactor(invertPositiveDefinite(total, size), size))
}

/** An element of precision x residual. */
function pullOf({ precision, residual }: TrialState, own: number): number {
  const size = residual.length
  let pull = 0
  for (let column = 0; column < size; column++) pull += precision[own * size + column] * residual[column]
  return pull
}

/** @param count of trials that estimate the coefficient */
function logDensity(
  tau: number,
  before: number,
  scale: number,
  diagonals: Float64Array,
  pulls: Float64Array,
  count: number,
): number {
  const change = tau * tau - before * before
  let [sum, product] = [-((tau / scale) ** 2), 1]
  for (let at = 0; at < count; at++) {
    const growth = 1 + change * diagonals[at]
    sum += (change * pulls[at] * pulls[at]) / growth
    product *= growth
    if (product > 1e-100 && product < 1e100) continue
    sum -= Math.log(product)
    product = 1
  }
  return 0.5 * (sum - Math.log(product))
}

/** Sherman and Morrison: the inverse of A + change e e'. */
function updatePrecision({ precision, column }: TrialState, own: number, change: number): void {
  const size = column.length
  for (let row = 0; row < size; row++) column[row] = precision[row * size + own]
  const factor = change / (1 + change * column[own])
  for (let i = 0; i < size; i++) {
    const scaled = factor * column[i]
    for (let j = 0; j < size; j++) precision[i * size + j] -= scaled * column[j]
  }
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
