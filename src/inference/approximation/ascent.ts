import type { LogDensity } from '../../contract/log-density.js'
import type { GradientState } from '../state.js'
import {
  addPair,
  createInverseHessian,
  dot,
  type InverseHessian,
  multiplyInverseHessian,
  resetInverseHessian,
} from './inverse-hessian.js'
import { type Point, searchLine } from './line-search.js'

export interface AscentOptions {
  /** Stop when the Newton decrement g' H g, about twice the log density still to be gained, falls below this. */
  readonly tolerance: number
  readonly maximumIterations: number
  /** Pairs that the estimate of the inverse Hessian keeps. */
  readonly memory: number
}

/** Where an ascent is: arrays that the next step overwrites. */
export interface Iterate extends GradientState {
  readonly inverseHessian: InverseHessian
}

/**
 * Why an ascent ended: at a maximum; where no step gains anything although the gradient says so; after too many iterations; because the log
 * density rises without end; because the gradient at the start is 0.
 */
export type AscentOutcome = 'converged' | 'stalled' | 'exhausted' | 'unbounded' | 'flat'

/** Lines in a row along which the density rises, by this much or more, as far as the search goes. */
const ENDLESS_LINES = 3
const GREAT_GAIN = 1
/** A coordinate of this size that no unit of measurement explains. */
const ENDLESS_COORDINATE = 1e20

/**
 * Climbs a log density by L-BFGS with a strong Wolfe line search (Liu and Nocedal 1989, 10.1007/BF01589116) on a diagonal that adapts to the
 * scales of the coordinates. Yields the start and every point after it.
 */
export function* ascend(
  logDensity: LogDensity,
  start: GradientState,
  options: AscentOptions,
): Generator<Iterate, AscentOutcome, void> {
  const { dimension } = logDensity
  const inverseHessian = createInverseHessian(dimension, options.memory)
  let here = copyPoint(start)
  let there = copyPoint(start)
  const direction = new Float64Array(dimension)
  const step = new Float64Array(dimension)
  const fall = new Float64Array(dimension)
  const coefficients = new Float64Array(options.memory)
  let endless = 0
  yield { ...here, inverseHessian }
  for (let iteration = 0; iteration < options.maximumIterations; iteration++) {
    multiplyInverseHessian(inverseHessian, here.gradient, direction, coefficients)
    const decrement = dot(here.gradient, direction)
    const isFirst = inverseHessian.steps.length === 0
    if (decrement === 0) return iteration === 0 ? 'flat' : 'converged'
    if (!isFirst && decrement < options.tolerance) return 'converged'
    const firstStep = isFirst ? Math.min(1, 1 / Math.sqrt(decrement)) : 1
    if (!(decrement > 0 && searchLine(logDensity, here, direction, firstStep, there))) {
      if (isFirst) return 'stalled'
      resetInverseHessian(inverseHessian)
      continue
    }
    for (let i = 0; i < dimension; i++) {
      step[i] = there.position[i] - here.position[i]
      fall[i] = here.gradient[i] - there.gradient[i]
    }
    const isUsed = addPair(inverseHessian, step, fall)
    const gain = there.logDensity - here.logDensity
    ;[here, there] = [there, here]
    if (!isUsed && gain < GREAT_GAIN) return 'stalled'
    endless = isUsed ? 0 : endless + 1
    if (endless === ENDLESS_LINES || here.position.some(isEndless)) return 'unbounded'
    yield { ...here, inverseHessian }
  }
  return 'exhausted'
}

/** The end of an ascent. */
export interface Summit {
  /** The last point, the caller's to keep. */
  readonly state: GradientState
  readonly outcome: AscentOutcome
}

/** Climbs to the end, and yields the log density at every point. */
export function* maximise(logDensity: LogDensity, start: GradientState, options: AscentOptions): Generator<number, Summit, void> {
  const steps = ascend(logDensity, start, options)
  let last: GradientState = start
  for (;;) {
    const step = steps.next()
    if (step.done) return { state: copyPoint(last), outcome: step.value }
    last = step.value
    yield last.logDensity
  }
}

/** The same without a pause. */
export function climbToEnd(logDensity: LogDensity, start: GradientState, options: AscentOptions): Summit {
  const climb = maximise(logDensity, start, options)
  let point = climb.next()
  while (!point.done) point = climb.next()
  return point.value
}

function isEndless(coordinate: number): boolean {
  return Math.abs(coordinate) > ENDLESS_COORDINATE
}

function copyPoint({ position, gradient, logDensity }: GradientState): Point {
  return { position: position.slice(), gradient: gradient.slice(), logDensity }
}
