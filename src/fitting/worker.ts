/**
 * Entry of a worker thread: runs the chains that the main thread orders, one at a time. It never looks up from a chain to read messages: the main
 * thread tells it to save and stop through shared memory, or ends it.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { LogDensity } from '../contract/log-density.js'
import { instantiateLogDensity } from '../engine/log-density-program.js'
import { type ChainResult, type ChainSnapshot, runChain } from '../inference/chain.js'
import { chainReporter } from '../inference/chain-reporter.js'
import { type ChainMessage, type ChainOrder, chainStream, type WorkerStart } from './chain-task.js'

const { stop, pieces } = workerData as WorkerStart
/** Between looks at the wish to stop. */
const WAIT_MILLISECONDS = 100
let latest: LogDensity | undefined

parentPort?.on('message', (order: ChainOrder) => {
  try {
    const result = run(order)
    if (result) send({ kind: 'result', result }, buffersOf(result, result.adaptation.metric.root))
    else send({ kind: 'stopped' })
  } catch (error) {
    send({ kind: 'failure', error })
  }
})

/** Nothing when it was told to stop. */
function run({ logDensity, streams, chain, start, saved, settings, snapshotMilliseconds }: ChainOrder): ChainResult | undefined {
  latest = logDensity ? instantiateLogDensity(logDensity) : latest
  if (!latest) throw new Error('a worker thread was given a chain before any log density')
  const streamFor = (what: string) => chainStream(streams, what, chain)
  const running = runChain({ logDensity: latest, start, streamFor, settings }, saved)
  const reporter = chainReporter(running, {
    onStatus: (status) => send({ kind: 'status', status }),
    ...(snapshotMilliseconds === undefined ? {} : { onSnapshot, snapshotMilliseconds }),
    onPiece,
  })
  for (;;) {
    if (Atomics.load(stop, 0) !== 0) {
      reporter.save()
      return undefined
    }
    const step = running.next()
    reporter.after(step)
    waitForRoom()
    if (step.done) return step.value
  }
}

function onSnapshot(snapshot: ChainSnapshot): void {
  send({ kind: 'snapshot', snapshot }, buffersOf(snapshot.record))
}

async function onPiece(snapshot: ChainSnapshot): Promise<void> {
  Atomics.add(pieces, 0, 1)
  send({ kind: 'piece', snapshot }, buffersOf(snapshot.record))
}

/** While the latest piece waits to be put away, unless the chain is to be left. */
function waitForRoom(): void {
  for (let count = Atomics.load(pieces, 0); count > 0 && Atomics.load(stop, 0) === 0; count = Atomics.load(pieces, 0))
    Atomics.wait(pieces, 0, count, WAIT_MILLISECONDS)
}

/** Handed over rather than copied. */
function buffersOf({ positions, sampler }: Pick<ChainResult, 'positions' | 'sampler'>, ...others: Float64Array[]): ArrayBuffer[] {
  const arrays = [positions, ...Object.values(sampler), ...others]
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]
}

function send(message: ChainMessage, transferred: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}
