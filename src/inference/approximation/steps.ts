/** Where the search for an approximation stands, after each of its iterations. */
export interface ApproximationStatus {
  /** Climbing the log density, measuring its curvature, maximising the evidence lower bound, or weighing draws. */
  readonly step: 'climb' | 'curvature' | 'bound' | 'weighting'
  /** Of this step, from 1. */
  readonly iteration: number
  /** Iterations of this step, where they are known beforehand. */
  readonly total?: number
  /** Evidence lower bound so far in nats, up to the constant that the log density lacks; absent where there is none. */
  readonly evidenceBound?: number
}

/** Work that can be watched, paused and given up between its iterations. */
export type Steps<Result> = Generator<ApproximationStatus, Result, void>

/** Works to the end without a pause. */
export function finished<Result>(steps: Generator<unknown, Result, void>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
