import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { createPhasePoint, leapfrog } from './leapfrog.js'
import type { Metric } from './metric.js'
import { kick } from './momentum.js'
import type { GradientState } from './state.js'

/** Hoffman and Gelman (2014) cross 0.5; 0.8 is Stan's choice. */
const LOG_ACCEPTANCE = Math.log(0.8)
/** Beyond these a density has no scale (it is flat or nowhere smooth): stop looking, and let the diagnostics of the draws say so. */
const SMALLEST = 1e-15
const LARGEST = 1e7

/**
 * A step size of the right order: doubled or halved from `guess` until the acceptance probability of one leapfrog step with a fresh momentum
 * crosses 0.8 (Hoffman and Gelman 2014, JMLR 15:1593, algorithm 4). Always ends, within [10^-15, 10^7] or one step beyond.
 */
export function findInitialStepSize(
  stream: Stream,
  state: GradientState,
  logDensity: LogDensity,
  metric: Metric,
  guess: number,
): number {
  const point = createPhasePoint(logDensity.dimension)
  const isAcceptable = (stepSize: number): boolean => {
    const before = kick(point, stream, state, metric)
    const gain = before - leapfrog(point, stepSize, metric, logDensity)
    return gain > LOG_ACCEPTANCE && gain < Number.POSITIVE_INFINITY
  }
  let stepSize = guess
  const isGrowing = isAcceptable(stepSize)
  const factor = isGrowing ? 2 : 0.5
  while (stepSize > SMALLEST && stepSize < LARGEST) {
    if (isAcceptable(stepSize) !== isGrowing) return stepSize
    stepSize *= factor
  }
  return stepSize
}
