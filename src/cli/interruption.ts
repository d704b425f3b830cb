/** Ctrl-C. Not a `PooliteError`: nothing is wrong. */
export class Interruption extends Error {
  constructor() {
    super('interrupted; nothing was written')
    this.name = 'Interruption'
  }
}

/**
 * Runs work that Ctrl-C may stop: the signal is aborted, and the promise rejects at once, whether or not the work heeds the signal.
 * @throws Interruption on SIGINT; otherwise whatever the work throws.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  let stop = () => {}
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(new Interruption())
      controller.abort()
    }
  })
  process.once('SIGINT', stop)
  try {
    return await Promise.race([work(controller.signal), interrupted])
  } catch (error) {
    throw controller.signal.aborted ? new Interruption() : error
  } finally {
    process.removeListener('SIGINT', stop)
  }
}
