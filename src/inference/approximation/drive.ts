import { pauseEvery } from '../timing.js'
import type { ApproximationStatus, Steps } from './steps.js'

export interface StepsListener {
  /** About 20 times a second. */
  readonly onStatus?: (status: ApproximationStatus) => void
  readonly signal?: AbortSignal | undefined
}

const PAUSE_MILLISECONDS = 50

/**
 * Works to the end in this thread. The event loop gets a turn about every 50 ms, between iterations.
 * @throws the signal's reason as soon as an iteration ends after it is aborted, and what the steps throw.
 */
export async function driveSteps<Result>(steps: Steps<Result>, { onStatus, signal }: StepsListener): Promise<Result> {
  const pause = pauseEvery(PAUSE_MILLISECONDS)
  for (;;) {
    signal?.throwIfAborted()
    const step = steps.next()
    if (step.done) return step.value
    if (!pause.isDue()) continue
    onStatus?.(step.value)
    await pause.take()
  }
}
