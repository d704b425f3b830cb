import type { LogDensity } from '../../contract/log-density.js'

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
