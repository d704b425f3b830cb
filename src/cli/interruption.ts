/** Ctrl-C, or a polite request to end. Not a `PooliteError`: nothing is wrong. */
export class Interruption extends Error {
  constructor(message = 'interrupted; nothing was written') {
    super(message)
    this.name = 'Interruption'
  }
}

export interface InterruptionOptions {
  /** What the interruption says, once the work has saved what it has; without it, the work is not waited for. */
  readonly saved?: string | undefined
  /** Called when the first signal comes and there is something to save. */
  readonly onSaving?: () => void
  /** What the second signal does. */
  readonly exit?: (status: number) => void
}

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs work that Ctrl-C (SIGINT) or SIGTERM may stop: its signal is aborted. Work that saves is waited for, and a second signal ends the process;
 * otherwise the promise rejects at once, whether or not the work heeds the signal.
 * @throws Interruption when stopped; otherwise, or when saving fails, whatever the work throws.
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { saved, onSaving, exit = process.exit }: InterruptionOptions = {},
): Promise<Result> {
  const controller = new AbortController()
  const interruption = new Interruption(saved)
  let stop = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      if (controller.signal.aborted) return exit(130)
      if (saved === undefined) reject(interruption)
      else onSaving?.()
      controller.abort(interruption)
    }
  })
  for (const signal of signals) process.on(signal, stop)
  try {
    return await Promise.race([work(controller.signal), stopped])
  } catch (error) {
    throw controller.signal.aborted && saved === undefined ? interruption : error
  } finally {
    for (const signal of signals) process.removeListener(signal, stop)
  }
}
