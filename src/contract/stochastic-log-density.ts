import type { LogDensity } from './log-density.js'
import type { Stream } from './stream.js'

/**
 * A log density of which only unbiased estimates are evaluated, from a random part of the data at a time (a minibatch whose log likelihood counts
 * observations / batch size times). Until `nextBatch` is called it fulfils the contract of `LogDensity` for the present batch.
 */
export interface StochasticLogDensity extends LogDensity {
  /** Goes on to the next batch, drawn from `stream` and nothing else. */
  nextBatch(stream: Stream): void
}

export function isStochastic(logDensity: LogDensity): logDensity is StochasticLogDensity {
  return 'nextBatch' in logDensity
}
