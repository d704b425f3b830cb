import { availableParallelism } from 'node:os'
import type { ChainPool, Workers } from './chain-pool.js'
import { startWorkerThread, type WorkerThread } from './worker-thread.js'

export interface WorkerPool extends ChainPool {
  /** Ends all threads, whatever they are at; chains that have not ended reject. */
  close(): Promise<void>
}

interface Waiting {
  readonly take: (thread: WorkerThread) => void
  readonly reject: (reason: unknown) => void
}

/** @param signal stops the pool when aborted; chains whose hooks want snapshots are saved first. */
export function openWorkerPool(workers: Workers = 'auto', signal?: AbortSignal): WorkerPool {
  const workerCount = workers === 'auto' ? availableParallelism() : workers
  const threads = new Set<WorkerThread>()
  const idle: WorkerThread[] = []
  const queue: Waiting[] = []
  const stopping = new AbortController()

  function startThread(): WorkerThread {
    const thread = startWorkerThread()
    threads.add(thread)
    return thread
  }

  async function freeThread(): Promise<WorkerThread> {
    stopping.signal.throwIfAborted()
    const thread = idle.pop()
    if (thread?.isAlive) return thread
    if (thread) threads.delete(thread)
    if (threads.size < workerCount) return startThread()
    return new Promise((take, reject) => queue.push({ take, reject }))
  }

  /** To the chain that has waited longest; in place of a thread that died another one is started. */
  function release(thread: WorkerThread): void {
    if (!thread.isAlive) threads.delete(thread)
    if (stopping.signal.aborted) return
    const next = queue.shift()
    try {
      if (next) next.take(thread.isAlive ? thread : startThread())
      else if (thread.isAlive) idle.push(thread)
    } catch (error) {
      next?.reject(error)
    }
  }

  async function stop(reason: unknown): Promise<void> {
    stopping.abort(reason)
    for (const { reject } of queue.splice(0)) reject(reason)
    await Promise.all([...threads].map((thread) => thread.end(reason)))
  }

  const abort = () => void stop(signal?.reason)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  return {
    workerCount,
    get isWanted() {
      return workers !== 'auto' || threads.size > 0
    },
    signal: stopping.signal,
    async run(task, hooks) {
      const thread = await freeThread()
      try {
        return await thread.run(task, hooks)
      } finally {
        release(thread)
      }
    },
    async close() {
      signal?.removeEventListener('abort', abort)
      await stop(new Error('the pool was closed before the chain had ended'))
    },
  }
}
