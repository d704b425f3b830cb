import type { LogDensity } from '../../contract/log-density.js'
import { dot } from './inverse-hessian.js'

/** A position with the log density and its gradient there, changed in place. */
export interface Point {
  readonly position: Float64Array
  readonly gradient: Float64Array
  logDensity: number
}

interface Trial {
  readonly step: number
  readonly value: number
  readonly slope: number
}

/** Least gain, as a share of what the slope at the start promises, and largest slope left (Nocedal and Wright 2006, section 3.1: c1 and c2 for quasi-Newton). */
const LEAST_GAIN = 1e-4
const LARGEST_SLOPE = 0.9
const TRIAL_COUNT = 40
const GROWTH = 4
/** Share of the bracket at either end that interpolation may not choose. */
const MARGIN = 0.1
/** Rounding error allowed in a comparison of two log densities, relative to their size. */
const ROUNDING = 4 * Number.EPSILON

/**
 * Finds a step t along `direction`, uphill at `from`, that satisfies the strong Wolfe conditions
 *
 *     f(x + t d) >= f(x) + c1 t g' d   and   |g(x + t d)' d| <= c2 g' d
 *
 * by bracketing and cubic interpolation (Nocedal and Wright 2006, algorithms 3.5 and 3.6), and leaves the point there in `to`. Where the log density is not
 * finite a step is too long. Falls back to the best step with enough gain.
 *
 * @returns false when no step gains anything; `to` is then unspecified.
 */
export function searchLine(logDensity: LogDensity, from: Point, direction: Float64Array, firstStep: number, to: Point): boolean {
  const start: Trial = { step: 0, value: from.logDensity, slope: dot(from.gradient, direction) }
  const slack = ROUNDING * Math.abs(start.value)
  let low = start
  let high: Trial | undefined
  let step = firstStep
  for (let count = 0; count < TRIAL_COUNT; count++) {
    const trial = tryStep(logDensity, from, direction, step, to)
    const gains = trial.value >= start.value + LEAST_GAIN * step * start.slope - slack && trial.value >= low.value - slack
    if (!(gains && Number.isFinite(trial.value) && Number.isFinite(trial.slope))) high = trial
    else if (Math.abs(trial.slope) <= LARGEST_SLOPE * start.slope) return true
    else {
      const ahead = high && high.step < low.step ? -1 : 1
      if (trial.slope * ahead <= 0) high = low
      low = trial
    }
    const next = high ? between(low, high) : GROWTH * step
    if (next === step || next === low.step) break
    step = next
  }
  if (low.step === 0) return false
  tryStep(logDensity, from, direction, low.step, to)
  return true
}

function tryStep(logDensity: LogDensity, from: Point, direction: Float64Array, step: number, to: Point): Trial {
  for (let i = 0; i < direction.length; i++) to.position[i] = from.position[i] + step * direction[i]
  to.logDensity = logDensity.valueAndGradient(to.position, to.gradient)
  return { step, value: to.logDensity, slope: dot(to.gradient, direction) }
}

/** Maximum of the cubic through both trials, kept off the ends; the middle where one of them is not finite. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step
  const first = low.slope + high.slope - (3 * (high.value - low.value)) / width
  const second = Math.sign(width) * Math.sqrt(first * first - low.slope * high.slope)
  const share = 1 - (high.slope - second - first) / (high.slope - low.slope - 2 * second)
  const kept = share >= MARGIN && share <= 1 - MARGIN ? share : fallback(share)
  return low.step + kept * width
}

function fallback(share: number): number {
  if (Number.isNaN(share)) return 0.5
  return share < MARGIN ? MARGIN : 1 - MARGIN
}
