/**
 * Entry of a worker thread: runs the chains that the main thread orders, one at a time. It is never asked to stop: the main thread ends it.
 */
import { parentPort } from 'node:worker_threads'
import { type ChainMessage, type ChainOrder, chainStream } from './chain-task.js'
import type { LogDensity } from './contract/log-density.js'
import { instantiateLogDensity } from './engine/log-density-program.js'
import { type ChainResult, runChain, STATUS_INTERVAL } from './inference/chain.js'

let latest: LogDensity | undefined

parentPort?.on('message', (order: ChainOrder) => {
  try {
    const result = run(order)
    send({ kind: 'result', result }, buffersOf(result))
  } catch (error) {
    send({ kind: 'failure', error })
  }
})

function run({ logDensity, streams, chain, start, settings }: ChainOrder): ChainResult {
  latest = logDensity ? instantiateLogDensity(logDensity) : latest
  if (!latest) throw new Error('a worker thread was given a chain before any log density')
  const streamFor = (what: string) => chainStream(streams, what, chain)
  const transitions = runChain({ logDensity: latest, start, streamFor, settings })
  let next = performance.now() + STATUS_INTERVAL
  for (;;) {
    const step = transitions.next()
    if (step.done) return step.value
    if (performance.now() < next && step.value.iteration < step.value.total) continue
    send({ kind: 'status', status: step.value })
    next = performance.now() + STATUS_INTERVAL
  }
}

/** Handed over rather than copied. */
function buffersOf({ positions, sampler, adaptation }: ChainResult): ArrayBuffer[] {
  const arrays = [positions, ...Object.values(sampler), adaptation.inverseMetric]
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]
}

function send(message: ChainMessage, transferred: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}
