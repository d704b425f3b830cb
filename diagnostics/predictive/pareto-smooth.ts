import { ascendingOrder } from '../convergence/primitives/ascending-order.js'
import { generalisedParetoFit } from '../convergence/primitives/generalised-pareto-fit.js'
import { logSumExp } from './primitives/log-sum-exp.js'

/** Importance weights whose largest have been smoothed. */
export interface SmoothedWeights {
  /** Normalised: their exponentials sum to 1. `[draw]` */
  readonly logWeights: Float64Array
  /** Shape of the generalised Pareto distribution fitted to the largest ratios; reliable below `paretoKCutOff`. */
  readonly k: number
  /** How many ratios the tail holds. */
  readonly tailLength: number
  /** Draws that the weights are worth: relative efficiency / sum of squared weights. */
  readonly effectiveSampleSize: number
}

/** With fewer, the tail is left as it is and k is Infinity. */
const fewestTailDraws = 5

/**
 * Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25(72)): the largest M = ceil(min(S /
 * 5, 3 sqrt(S / r))) of S importance ratios are replaced by the expected order statistics of a generalised Pareto distribution
 * fitted to them, none above the largest raw ratio; then all are normalised. Agrees with `psis` of R package loo 2.5.1.
 *
 * k is -Infinity for ratios that are all equal, whose weights need no smoothing; Infinity where the tail cannot be fitted (equal
 * values in it, fewer than 5), which is then left as it is. All NaN when a ratio is NaN or +Infinity, or none is above -Infinity.
 * @param logRatios of importance, up to a constant. `[draw]`
 * @param relativeEfficiency r: effective sample size of the draws over their number
 */
export function paretoSmooth(logRatios: Float64Array, relativeEfficiency = 1): SmoothedWeights {
  const count = logRatios.length
  const tailLength = Math.ceil(Math.min(count / 5, 3 * Math.sqrt(count / relativeEfficiency)))
  const largest = logRatios.reduce((a, b) => Math.max(a, b), -Infinity)
  if (!Number.isFinite(largest) || !(tailLength >= 0)) return undefinedWeights(count)
  const logWeights = logRatios.map((value) => value - largest)
  const k = logWeights.every((value) => value === 0) ? -Infinity : smoothTail(logWeights, tailLength)
  const total = logSumExp(logWeights)
  let squares = 0
  for (let draw = 0; draw < count; draw++) {
    logWeights[draw] -= total
    squares += Math.exp(2 * logWeights[draw])
  }
  return { logWeights, k, tailLength, effectiveSampleSize: relativeEfficiency / squares }
}

function undefinedWeights(count: number): SmoothedWeights {
  const logWeights = new Float64Array(count).fill(Number.NaN)
  return { logWeights, k: Number.NaN, tailLength: 0, effectiveSampleSize: Number.NaN }
}

/** Smooths the largest weights in place; the largest log weight is 0. Returns k. */
function smoothTail(logWeights: Float64Array, tailLength: number): number {
  if (tailLength < fewestTailDraws) return Infinity
  const order = ascendingOrder(logWeights)
  const start = logWeights.length - tailLength
  const smallest = logWeights[order[start]]
  if (-smallest < Number.EPSILON / 100) return Infinity
  const cutOff = Math.exp(logWeights[order[start - 1]])
  const tail = order.subarray(start)
  const { shape, scale } = generalisedParetoFit(Float64Array.from(tail, (draw) => Math.exp(logWeights[draw]) - cutOff))
  if (!Number.isFinite(shape)) return Infinity
  tail.forEach((draw, index) => {
    const quantile = generalisedParetoQuantile((index + 0.5) / tailLength, shape, scale)
    logWeights[draw] = Math.min(Math.log(quantile + cutOff), 0)
  })
  return shape
}

function generalisedParetoQuantile(probability: number, shape: number, scale: number): number {
  const exponential = -Math.log1p(-probability)
  return scale * (shape === 0 ? exponential : Math.expm1(shape * exponential) / shape)
}
