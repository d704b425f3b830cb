import type { LogDensity } from '../../contract/log-density.js'
import type { StochasticLogDensity } from '../../contract/stochastic-log-density.js'

export interface CountedLogDensity extends LogDensity {
  /** Evaluations so far. */
  readonly count: number
}

/** The same log density, counting its evaluations. */
export function counted(inner: LogDensity): CountedLogDensity {
  let count = 0
  return {
    get count() {
      return count
    },
    dimension: inner.dimension,
    valueAndGradient(position, gradient) {
      count++
      return inner.valueAndGradient(position, gradient)
    },
  }
}

/** The count of one and the batches of the other, of which the first is the count. */
export function withBatches(counting: CountedLogDensity, inner: StochasticLogDensity): CountedLogDensity & StochasticLogDensity {
  return {
    get count() {
      return counting.count
    },
    dimension: counting.dimension,
    valueAndGradient: (position, gradient) => counting.valueAndGradient(position, gradient),
    nextBatch: (stream) => inner.nextBatch(stream),
  }
}
