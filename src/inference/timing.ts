/** Measures what may begin later than the call that asks for it. */
export interface Clock {
  /** Only the first call counts. */
  start(): void
  /** Since the start; 0 before it. */
  seconds(): number
}

export function createClock(): Clock {
  let start: number | undefined
  return {
    start: () => {
      start ??= performance.now()
    },
    seconds: () => (start === undefined ? 0 : (performance.now() - start) / 1000),
  }
}

export interface Pause {
  isDue(): boolean
  /** Due again after the whole interval. */
  restart(): void
  /** Gives the event loop a turn. */
  take(): Promise<void>
}

/** A pause costs about a millisecond. */
export function pauseEvery(milliseconds: number): Pause {
  let next = performance.now() + milliseconds
  const restart = () => {
    next = performance.now() + milliseconds
  }
  return {
    isDue: () => performance.now() >= next,
    restart,
    async take() {
      await new Promise((resolve) => setTimeout(resolve, 0))
      restart()
    },
  }
}
