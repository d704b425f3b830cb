import { instantiateLogDensity, type PortableLogDensity } from '../../../src/engine/log-density-program.js'
import { type ChainTask, chainStream } from '../../../src/fitting/chain-task.js'
import { type ChainResult, runChain } from '../../../src/inference/chain.js'
import { findInitialPosition } from '../../../src/inference/initial-position.js'
import type { ChainHooks } from '../../../src/inference/run-chains.js'

/** A log density of dimension 2 from the body of a function of `memory`: the position in 0 and 1, the value in 2, the gradient in 3 and 4. */
export function portable(body: string): PortableLogDensity {
  const outputs = [
    { offset: 2, size: 1 },
    { offset: 3, size: 2 },
  ]
  const source = `return () => { ${body} }`
  return { dimension: 2, program: { engine: 'javascript', source, memorySize: 5, constants: [], inputOffsets: [0], outputs } }
}

/** Two independent normals with that standard deviation, after `before` has run. */
export const normal = (sd = 1, before = ''): PortableLogDensity =>
  portable(`${before}
    const [x, y] = memory
    memory[2] = -0.5 * (x * x + y * y) / ${sd ** 2}
    memory[3] = -x / ${sd ** 2}
    memory[4] = -y / ${sd ** 2}`)

export const settings: ChainTask['settings'] = { warmupCount: 60, drawCount: 40, targetAcceptance: 0.8, maximumTreeDepth: 8 }

/** A chain of that log density; its start comes from a standard normal, so that a log density that kills is not evaluated here. */
export function task(logDensity: PortableLogDensity, chain = 0, changes: Partial<ChainTask['settings']> = {}): ChainTask {
  const streams = { seed: 1, purpose: 'test', study: '' }
  const stream = chainStream(streams, 'initial-position', chain)
  const start = findInitialPosition(stream, instantiateLogDensity(normal()), () => Float64Array.of(stream.uniform(), 0.5))
  return { subject: 'trial "ACT-1"', chain, logDensity, start, streams, settings: { ...settings, ...changes } }
}

/** The chain run in this thread. */
export function runHere({ logDensity, start, saved, streams, chain, settings: used }: ChainTask): ChainResult {
  const streamFor = (what: string) => chainStream(streams, what, chain)
  const transitions = runChain({ logDensity: instantiateLogDensity(logDensity), start, streamFor, settings: used }, saved)
  for (;;) {
    const step = transitions.next()
    if (step.done) return step.value
  }
}

export const silent: ChainHooks = { onBegin: () => {}, onStatus: () => {} }
