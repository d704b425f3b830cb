import type { LogDensity } from '../../contract/log-density.js'
import type { Stream } from '../../contract/stream.js'
import type { Steps } from './steps.js'

/** A distribution that stands in for a posterior: one can draw from it and knows its density, constants included. */
export interface Approximation {
  readonly dimension: number
  /** Writes a draw to `position`, `[dimension]`. */
  draw(stream: Stream, position: Float64Array): void
  /** Normalised log density at `position`. One call at a time. */
  logDensity(position: Float64Array): number
}

/** What an algorithm of approximation gives. */
export interface ApproximationResult {
  readonly approximation: Approximation
  /** Evaluations of the log density. */
  readonly gradientCount: number
  /** Reasons to doubt the approximation that the algorithm saw itself, a sentence each; none when it ended as it should. */
  readonly doubts: readonly string[]
}

export const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** Positions drawn from an approximation. */
export interface Proposals {
  /** `[draw, dimension]` */
  readonly positions: Float64Array
  /** Log posterior density up to a constant; `-Infinity` where it is not finite. `[draw]` */
  readonly logDensity: Float64Array
  /** Log density of the approximation. `[draw]` */
  readonly logApproximation: Float64Array
}

/** Draws `count` positions and evaluates both densities there. */
export function* propose(stream: Stream, approximation: Approximation, logDensity: LogDensity, count: number): Steps<Proposals> {
  const { dimension } = logDensity
  const positions = new Float64Array(count * dimension)
  const position = new Float64Array(dimension)
  const gradient = new Float64Array(dimension)
  const target = new Float64Array(count)
  const logApproximation = new Float64Array(count)
  for (let draw = 0; draw < count; draw++) {
    approximation.draw(stream, position)
    positions.set(position, draw * dimension)
    logApproximation[draw] = approximation.logDensity(position)
    const value = logDensity.valueAndGradient(position, gradient)
    target[draw] = Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY
    yield { step: 'weighting', iteration: draw + 1, total: count }
  }
  return { positions, logDensity: target, logApproximation }
}
