import { Worker } from 'node:worker_threads'
import { RunError } from '../errors/run-error.js'
import type { ChainResult, ChainSnapshot } from '../inference/chain.js'
import { SNAPSHOT_INTERVAL } from '../inference/chain-reporter.js'
import type { ChainHooks } from '../inference/run-chains.js'
import type { ChainMessage, ChainOrder, ChainTask, WorkerStart } from './chain-task.js'

/** A thread that runs chains, one at a time. */
export interface WorkerThread {
  /** @throws RunError naming the chain when the thread dies, which is the end of the thread; whatever the hooks throw. */
  run(task: ChainTask, hooks: ChainHooks): Promise<ChainResult>
  readonly isAlive: boolean
  /** Ends it; a chain that is running rejects with the reason, once it has been saved if its hooks want snapshots, and otherwise at once. */
  end(reason: unknown): Promise<void>
}

interface Assignment {
  readonly task: ChainTask
  readonly hooks: ChainHooks
  readonly resolve: (result: ChainResult) => void
  readonly reject: (reason: unknown) => void
}

/** Milliseconds for the transition that a chain is at when it is told to stop. */
const PATIENCE = 30_000

/** @throws RunError when the platform refuses. */
export function startWorkerThread(): WorkerThread {
  const [stop, pieces] = [0, 1].map(() => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)))
  const worker = startWorker({ stop, pieces })
  let death: { readonly reason: unknown } | undefined
  let assignment: Assignment | undefined
  let kept: ChainTask['logDensity'] | undefined
  let onStopped = () => {}
  let ending: Promise<void> | undefined

  async function kill(reason: unknown): Promise<void> {
    death ??= { reason }
    assignment?.reject(death.reason)
    assignment = undefined
    onStopped()
    await worker.terminate()
  }
  const die = (cause: string) => void kill(deathOf(assignment?.task, cause))
  worker.on('error', (error) => die(error instanceof Error ? error.message : String(error)))
  worker.on('messageerror', (error) => die(error.message))
  worker.on('exit', (status) => die(`exit status ${status}`))
  worker.on('message', (message: ChainMessage) => {
    if (!assignment) return
    const { hooks, resolve, reject } = assignment
    if (message.kind === 'status') return attempt(() => hooks.onStatus(message.status))
    if (message.kind === 'snapshot') return attempt(() => hooks.onSnapshot?.(message.snapshot))
    if (message.kind === 'piece') return attempt(() => putAway(hooks, message.snapshot))
    if (message.kind === 'stopped') return onStopped()
    assignment = undefined
    if (message.kind === 'result') resolve(message.result)
    else reject(message.error)
    onStopped()
  })

  function putAway({ onPiece }: ChainHooks, piece: ChainSnapshot): void {
    const hasRoom = () => {
      Atomics.sub(pieces, 0, 1)
      Atomics.notify(pieces, 0)
    }
    void Promise.resolve(onPiece?.(piece)).then(hasRoom, kill)
  }

  /** What fails leaves the thread with a chain that nobody waits for. */
  function attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      void kill(error)
    }
  }

  async function saveAndKill(reason: unknown): Promise<void> {
    if (death === undefined && assignment?.hooks.onSnapshot) {
      death = { reason }
      await stopped()
    }
    await kill(reason)
  }

  /** When the chain has been saved, has ended or takes too long. */
  async function stopped(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>((resolve) => {
      onStopped = resolve
      timer = setTimeout(resolve, PATIENCE)
      Atomics.store(stop, 0, 1)
    })
    clearTimeout(timer)
  }

  return {
    get isAlive() {
      return death === undefined
    },
    end: (reason) => {
      ending ??= saveAndKill(reason)
      return ending
    },
    run: (task, hooks) =>
      new Promise((resolve, reject) => {
        if (death) return reject(death.reason)
        assignment = { task, hooks, resolve, reject }
        attempt(() => {
          worker.postMessage(orderFor(task, hooks, kept))
          kept = task.logDensity
          hooks.onBegin()
        })
      }),
  }
}

function orderFor(
  { subject: _, logDensity, ...rest }: ChainTask,
  { onSnapshot, snapshotMilliseconds = SNAPSHOT_INTERVAL }: ChainHooks,
  kept: ChainTask['logDensity'] | undefined,
): ChainOrder {
  const order: ChainOrder = onSnapshot ? { ...rest, snapshotMilliseconds } : rest
  return logDensity === kept ? order : { ...order, logDensity }
}

/** The entry beside this file; flags of this process are not passed on. */
function startWorker(workerData: WorkerStart): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  const entry = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url)
  try {
    return new Worker(isSource ? withTypeScript(entry) : entry, { execArgv: [], workerData })
  } catch (error) {
    throw new RunError({ problem: 'no worker thread could be started', reason: String(error), remedy: withoutWorkers })
  }
}

/** A module that loads the entry from source. Node 20 does not take the loader of the main thread, or one in `execArgv`, to a thread. */
function withTypeScript(entry: URL): URL {
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const text = `import { register } from ${loader}; register(); await import(${JSON.stringify(entry.href)})`
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`)
}

const withoutWorkers = 'With 0 workers (`workers: 0`, or --workers 0) chains run in the main thread.'

function deathOf(task: ChainTask | undefined, cause: string): RunError {
  return new RunError({
    problem: task
      ? `chain ${task.chain + 1} of ${task.subject} did not end: its worker thread died`
      : 'an idle worker thread died',
    reason: cause,
    remedy: `If memory is short, use fewer workers. ${withoutWorkers}`,
  })
}
