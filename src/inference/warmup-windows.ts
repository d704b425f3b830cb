/** Numbers of warmup iterations: step size only, then windows that each end with a new metric, then step size only. */
export interface WarmupWindows {
  readonly initial: number
  readonly slow: readonly number[]
  readonly final: number
}

const INITIAL = 75
const FINAL = 50
const FIRST_WINDOW = 25
/** With fewer iterations there is no metric adaptation. */
const LEAST_FOR_METRIC = 20

/**
 * Stan's schedule: 75 iterations, slow windows of 25, 50, 100, ... of which the last is stretched to leave room for no further one, 50
 * iterations. Too short a warmup is divided 15%, 75% and 10%. (Stan Reference Manual, "Automatic parameter tuning"; the numbers are arbitrary.)
 */
export function warmupWindows(warmupCount: number): WarmupWindows {
  if (warmupCount < LEAST_FOR_METRIC) return { initial: warmupCount, slow: [], final: 0 }
  if (warmupCount < INITIAL + FIRST_WINDOW + FINAL) {
    const initial = Math.floor(0.15 * warmupCount)
    const final = Math.floor(0.1 * warmupCount)
    return { initial, slow: [warmupCount - initial - final], final }
  }
  return { initial: INITIAL, slow: slowWindows(warmupCount - INITIAL - FINAL), final: FINAL }
}

/** A window is stretched to the end when the next, twice as long, would not fit; the first never is. */
function slowWindows(total: number): number[] {
  const windows = [FIRST_WINDOW]
  let end = FIRST_WINDOW
  for (let size = 2 * FIRST_WINDOW; end < total; size *= 2) {
    const fits = end + size === total || end + 3 * size <= total
    windows.push(fits ? size : total - end)
    end = fits ? end + size : total
  }
  return windows
}
