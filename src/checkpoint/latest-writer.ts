/** Writes to a store in the background, one key after another. */
export interface LatestWriter {
  /** Of several things that wait to be written under one key, the last is, after all that was put before it. Resolves when it is, or never will be. */
  put(key: string, write: () => Promise<void>): Promise<void>
  /** Resolves when nothing waits any more. @throws what a write threw */
  flush(): Promise<void>
  /** Aborted, with what was thrown as its reason, when a write fails; then nothing more is written. */
  readonly signal: AbortSignal
}

export function latestWriter(): LatestWriter {
  const waiting = new Map<string, () => Promise<void>>()
  const failure = new AbortController()
  let work = Promise.resolve()

  async function writeNext(): Promise<void> {
    const [next] = waiting
    if (!next || failure.signal.aborted) return
    const [key, write] = next
    waiting.delete(key)
    try {
      await write()
    } catch (error) {
      failure.abort(error)
    }
  }

  return {
    put(key, write) {
      waiting.delete(key)
      waiting.set(key, write)
      work = work.then(writeNext)
      return work
    },
    async flush() {
      await work
      failure.signal.throwIfAborted()
    },
    signal: failure.signal,
  }
}
