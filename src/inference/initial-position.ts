import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { RunError } from '../errors/run-error.js'
import { UsageError } from '../errors/usage-error.js'
import { evaluate, type GradientState } from './state.js'

/** Where a chain starts. */
export interface InitialState extends GradientState {
  /** Evaluations that it took to find it. */
  readonly gradientCount: number
}

/** Stan's number, arbitrary. */
const TRY_COUNT = 100

/**
 * The first proposed position where the log density and all of its gradient are finite.
 *
 * @param propose a position to try, `[dimension]`
 * @param describe what the caller can say about a position that failed, such as the names and values of its parameters
 * @throws RunError when none of 100 proposals will do, with how they failed.
 * @throws UsageError when a proposal has the wrong length.
 */
export function findInitialPosition(
  stream: Stream,
  logDensity: LogDensity,
  propose: (stream: Stream) => Float64Array,
  describe?: (position: Float64Array) => string,
): InitialState {
  const failures = new Map<string, number>()
  let last = new Float64Array(0)
  for (let attempt = 0; attempt < TRY_COUNT; attempt++) {
    last = propose(stream).slice()
    checkLength(last, logDensity)
    const state = evaluate(last, logDensity)
    const failure = failureOf(state)
    if (!failure) return { ...state, gradientCount: attempt + 1 }
    failures.set(failure, (failures.get(failure) ?? 0) + 1)
  }
  throw new RunError({
    problem: `No starting point found: none of ${TRY_COUNT} proposed positions has a finite log density and gradient`,
    reason:
      [...failures].map(([failure, count]) => `${failure} at ${count}`).join(', ') +
      (describe ? `; the last one: ${describe(last)}` : ''),
    remedy:
      'Check the model for logarithms or roots of negative numbers, the data for extreme values, and the priors for scales far from the data.',
  })
}

function failureOf({ logDensity, gradient }: GradientState): string | undefined {
  if (!Number.isFinite(logDensity)) return `the log density was ${logDensity}`
  return gradient.every(Number.isFinite) ? undefined : 'the log density was finite but its gradient was not'
}

function checkLength(position: Float64Array, { dimension }: LogDensity): void {
  if (position.length === dimension) return
  throw new UsageError({
    problem: `A proposed starting point has ${position.length} elements`,
    reason: `the log density has dimension ${dimension}`,
    remedy: `Propose a Float64Array of length ${dimension}.`,
  })
}
