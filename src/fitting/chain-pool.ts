import { UsageError } from '../errors/usage-error.js'
import type { ChainResult } from '../inference/chain.js'
import type { ChainHooks } from '../inference/run-chains.js'
import type { ChainTask } from './chain-task.js'

/** Runs chains on other threads, in the order in which they are given, as many at a time as there are threads. */
export interface ChainPool {
  /** Threads at most; each starts when there is a chain for it. */
  readonly workerCount: number
  /** Whether chains should come at once: the threads are there, or a number of them was asked for. */
  readonly isWanted: boolean
  /** Aborted when the pool stops: the sign for work beside it to stop too. */
  readonly signal: AbortSignal
  /** @throws RunError when the thread dies; the signal's reason when the pool was stopped by it. */
  run(task: ChainTask, hooks: ChainHooks): Promise<ChainResult>
}

/** Threads that run chains. `auto`: as many as there are processors, once so much work is left that starting them pays. */
export type Workers = number | 'auto'

export interface PoolSettings {
  /** 0: no other thread. `auto` when left out. */
  readonly workers?: Workers | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Does work that may run chains on a pool, which is there while the work lasts. There is none when no workers are wanted, and in a browser.
 * @throws UsageError when the number of workers is not a whole number, and whatever the work throws.
 */
export async function withChainPool<Result>(
  { workers = 'auto', signal }: PoolSettings,
  work: (pool: ChainPool | undefined) => Promise<Result>,
): Promise<Result> {
  if (workers !== 'auto' && !(Number.isSafeInteger(workers) && workers >= 0))
    throw new UsageError({
      problem: `workers is ${workers}`,
      remedy: 'Give a whole number of threads, 0 to stay in this one, or "auto".',
    })
  if (workers === 0 || globalThis.process?.versions?.node === undefined) return work(undefined)
  const { openWorkerPool } = await import('./worker-pool.js')
  const pool = openWorkerPool(workers, signal)
  try {
    return await work(pool)
  } finally {
    await pool.close()
  }
}
