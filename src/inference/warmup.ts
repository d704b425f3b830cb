import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { type DualAveraging, startDualAveraging, updateDualAveraging } from './dual-averaging.js'
import { findInitialStepSize } from './initial-step-size.js'
import type { NutsSettings } from './nuts.js'
import type { GradientState } from './state.js'
import { warmupWindows } from './warmup-windows.js'
import { addPosition, createWelford, regularisedVariance } from './welford.js'

/** What warmup found, and sampling holds fixed. */
export interface Adaptation {
  readonly stepSize: number
  /** `[dimension]` */
  readonly inverseMetric: Float64Array
}

export interface WarmupOptions {
  readonly warmupCount: number
  readonly targetAcceptance: number
  readonly maximumTreeDepth: number
}

/** Adaptation of step size and diagonal metric while a chain warms up: the caller makes the transitions and reports each. */
export interface Warmup {
  /** For the next transition. */
  settings(): NutsSettings
  /** After a transition to `state`, which is also where the chain goes on from. */
  learn(state: GradientState, acceptance: number): void
  /** The result so far; final after `warmupCount` transitions. */
  adaptation(): Adaptation
}

/**
 * Warmup as in Stan: dual averaging of the step size throughout, and at the end of each slow window the regularised variances of its draws
 * become the inverse metric and the step size starts anew. Starts from the unit metric; evaluates `logDensity` to find step sizes.
 */
export function startWarmup(stream: Stream, state: GradientState, logDensity: LogDensity, options: WarmupOptions): Warmup {
  const { targetAcceptance, maximumTreeDepth } = options
  const { slowStart, slowEnd, windowEnds } = boundaries(options.warmupCount)
  let iteration = 0
  let inverseMetric: Float64Array = new Float64Array(logDensity.dimension).fill(1)
  let window = createWelford(logDensity.dimension)
  let averaging = startAt(state, 1)

  function startAt(current: GradientState, guess: number): DualAveraging {
    return startDualAveraging(findInitialStepSize(stream, current, logDensity, inverseMetric, guess))
  }

  return {
    settings: () => ({ stepSize: Math.exp(averaging.logStepSize), inverseMetric, maximumTreeDepth }),
    learn(current, acceptance) {
      averaging = updateDualAveraging(averaging, acceptance, targetAcceptance)
      if (iteration >= slowStart && iteration < slowEnd) addPosition(window, current.position)
      iteration++
      if (!windowEnds.has(iteration)) return
      inverseMetric = regularisedVariance(window)
      window = createWelford(logDensity.dimension)
      averaging = startAt(current, Math.exp(averaging.logStepSize))
    },
    adaptation: () => ({ stepSize: Math.exp(averaging.meanLogStepSize), inverseMetric }),
  }
}

/** Iterations at which the slow phase starts and ends, and counts of iterations after which a window is complete. */
function boundaries(warmupCount: number): { slowStart: number; slowEnd: number; windowEnds: ReadonlySet<number> } {
  const { initial, slow } = warmupWindows(warmupCount)
  const windowEnds = new Set<number>()
  let end = initial
  for (const size of slow) {
    end += size
    windowEnds.add(end)
  }
  return { slowStart: initial, slowEnd: end, windowEnds }
}
