import { paretoKCutOff } from '../../diagnostics/convergence/cut-offs.js'
import { paretoSmooth, type SmoothedWeights } from '../../diagnostics/predictive/pareto-smooth.js'
import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { RunError } from '../errors/run-error.js'
import { type Approximation, type Proposals, propose } from '../inference/approximation/approximation.js'
import { resampleSystematically, resampleWithoutReplacement } from '../inference/approximation/resample.js'
import type { Steps } from '../inference/approximation/steps.js'

/** Draws of an approximation, resampled towards the posterior. */
export interface ImportanceSample {
  /** `[draw, dimension]` */
  readonly positions: Float64Array
  /** Log posterior density up to a constant, and log density of the approximation, `[draw]`. */
  readonly logDensity: Float64Array
  readonly logApproximation: Float64Array
  /** Which draw of the approximation each is: repeated where weights are large. `[draw]` */
  readonly proposals: Float64Array
  /** Shape of the tail of the importance ratios. */
  readonly paretoK: number
  /** Draws that the weights are worth. */
  readonly effectiveSampleSize: number
  /** Draws of the approximation behind both. */
  readonly proposalCount: number
  /** Evaluations of the log density. */
  readonly gradientCount: number
}

/** Draws of the approximation for each one wanted. */
const PROPOSALS_PER_DRAW = 4
/** Draws for a second opinion, at least: 3 / sqrt(20000) = 2.1% of them are the tail. */
const SECOND_LOOK = 20_000
/** With 4000 draws the standard error of k-hat is about 0.13, (1 + k) / sqrt of the 190 in the tail. */
const CLEARLY_RELIABLE = 0.5
/** Log ratios that differ by less than this: weighting would move no mean by more than a hundredth of a standard deviation. */
const EQUAL = 0.01

/**
 * Pareto-smoothed importance resampling (Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25(72)): systematic where k-hat says that the weights can be
 * relied on, so that a draw is repeated only where its weight exceeds 1 / `count`; without replacement otherwise, which keeps a few draws from being all that is left.
 *
 * A first k-hat decides only when it is clear. Between 0.5 and the cut-off its own error matters; above it, with weights that are worth more than half of the
 * draws, it may mistake the body of the ratios for a tail: the best normal approximation to a skewed density leaves log ratios like z^3 - 3 z with z standard
 * normal, which turn at |z| = 1 and come back to that value at 2, inside the tail unless this holds less than 2.3% of the draws. Then at least 20,000 new draws
 * decide.
 * @param proposalCount draws to weigh, without a second look, for densities that are dear to evaluate
 * @throws RunError when the log density is not finite at any draw.
 */
export function* importanceResample(
  streams: { readonly proposals: Stream; readonly resampling: Stream },
  approximation: Approximation,
  logDensity: LogDensity,
  count: number,
  proposalCount?: number,
): Steps<ImportanceSample> {
  const first = yield* weighted(streams.proposals, approximation, logDensity, proposalCount ?? PROPOSALS_PER_DRAW * count)
  const used =
    proposalCount === undefined && isUnclear(first.weights)
      ? yield* weighted(streams.proposals, approximation, logDensity, Math.max(SECOND_LOOK, PROPOSALS_PER_DRAW * count))
      : first
  const { proposals, weights } = used
  const resample = isReliable(weights) ? resampleSystematically : resampleWithoutReplacement
  const rows = resample(streams.resampling, weights.logWeights, count)
  const weighedCount = weights.logWeights.length
  return {
    positions: takeRows(proposals.positions, rows, logDensity.dimension),
    logDensity: takeRows(proposals.logDensity, rows, 1),
    logApproximation: takeRows(proposals.logApproximation, rows, 1),
    proposals: Float64Array.from(rows),
    paretoK: weights.k,
    effectiveSampleSize: weights.effectiveSampleSize,
    proposalCount: weighedCount,
    gradientCount: used === first ? weighedCount : first.weights.logWeights.length + weighedCount,
  }
}

interface Weighted {
  readonly proposals: Proposals
  readonly weights: SmoothedWeights
}

function* weighted(stream: Stream, approximation: Approximation, logDensity: LogDensity, count: number): Steps<Weighted> {
  const proposals = yield* propose(stream, approximation, logDensity, count)
  const ratios = proposals.logDensity.map((value, draw) => value - proposals.logApproximation[draw])
  const weights = paretoSmooth(isNearlyConstant(ratios) ? new Float64Array(count) : ratios)
  if (!Number.isNaN(weights.effectiveSampleSize)) return { proposals, weights }
  throw new RunError({
    problem: 'the log density is not finite at any draw of the approximation',
    remedy: 'Check the model for overflow, or use NUTS.',
  })
}

function isNearlyConstant(values: Float64Array): boolean {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  )
  return high - low < EQUAL
}

function isReliable({ k, logWeights }: SmoothedWeights): boolean {
  return k < paretoKCutOff(logWeights.length)
}

function isUnclear(weights: SmoothedWeights): boolean {
  if (isReliable(weights)) return weights.k > CLEARLY_RELIABLE
  return weights.effectiveSampleSize > weights.logWeights.length / 2
}

/** Rows of `values` `[row, width]`. */
function takeRows(values: Float64Array, rows: Int32Array, width: number): Float64Array {
  const taken = new Float64Array(rows.length * width)
  rows.forEach((row, index) => {
    taken.set(values.subarray(row * width, (row + 1) * width), index * width)
  })
  return taken
}
