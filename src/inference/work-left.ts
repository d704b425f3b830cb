/** An estimate of the work that a fit still takes in this thread, from the speed of its latest transitions. */
export interface WorkLeft {
  readonly milliseconds: number
  readonly millisecondsPerTransition: number
  /** Chains that have not ended. */
  readonly chainCount: number
}

/** Milliseconds of work from which the rest is estimated, again and again; not from the first, in which code is still being compiled. */
const ESTIMATION_INTERVAL = 25

/** Counts the transitions of all chains of a fit as they are made, one chain after the other. */
export interface WorkMeter {
  /** After each transition: an estimate when one is due; none after the last, when nothing is left to estimate. */
  count(): WorkLeft | undefined
}

/** @param transitionCounts left to make, of each chain */
export function workMeter(transitionCounts: readonly number[]): WorkMeter {
  let left = transitionCounts.reduce((sum, count) => sum + count, 0)
  const ends = transitionCounts.map((_, chain) => transitionCounts.slice(chain + 1).reduce((sum, count) => sum + count, 0))
  let start = performance.now()
  let counted = 0
  let isFirst = true
  return {
    count() {
      left--
      counted++
      const now = performance.now()
      if (left === 0 || now - start < ESTIMATION_INTERVAL) return undefined
      const millisecondsPerTransition = (now - start) / counted
      start = now
      counted = 0
      if (isFirst) {
        isFirst = false
        return undefined
      }
      const chainCount = ends.filter((end) => end < left).length
      return { milliseconds: left * millisecondsPerTransition, millisecondsPerTransition, chainCount }
    },
  }
}
