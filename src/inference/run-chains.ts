import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import { type ChainResult, type ChainStatus, runChain, samplerVariables } from './chain.js'
import { type ChainSettings, checkChainSettings } from './chain-settings.js'
import type { Adaptation } from './warmup.js'

export type { ChainSettings }

export interface ChainProgress extends ChainStatus {
  readonly chain: number
  /** Since the first chain began. */
  readonly secondsElapsed: number
}

export interface ChainsJob {
  readonly logDensity: LogDensity
  /** An initial position, `[dimension]`; called again, up to 100 times, while the log density there is not finite. */
  readonly propose: (stream: Stream) => Float64Array
  /** What to say about the last of 100 starting points that failed, such as parameter names and values. */
  readonly describe?: (position: Float64Array) => string
  /** Streams must differ by purpose and by chain: all randomness comes from here. Purposes: `initial-position`, `warmup`, `sampling`. */
  readonly streamFor: (purpose: string, chain: number) => Stream
  readonly settings: ChainSettings
  /** Called about 20 times a second and at the end of each phase of each chain. */
  readonly onProgress?: (progress: ChainProgress) => void
  readonly signal?: AbortSignal
}

export interface ChainsResult {
  /** `[chain, draw, dimension]` */
  readonly positions: Float64Array
  /** Scalars `log_density`, `acceptance`, `step_size`, `tree_depth`, `leapfrog_count`, `divergent` (0 or 1), `energy`. */
  readonly sampler: Draws
  /** One per chain. */
  readonly adaptation: readonly Adaptation[]
  /** Gradient evaluations of all chains, warmup and initialisation included. */
  readonly gradientCount: number
  readonly seconds: number
}

/** Milliseconds between pauses for the event loop. A pause costs about one. */
const PAUSE_INTERVAL = 50

/**
 * Runs NUTS chains one after the other. The event loop gets a turn about every 50 ms, between transitions. Chain c's draws depend on the log
 * density, the settings and `streamFor(..., c)`, not on the other chains.
 *
 * Numerical trouble within a chain does not reject: it shows in `sampler`.
 *
 * @throws UsageError for settings out of range, RunError when a chain finds no starting point, and the signal's reason when aborted.
 */
export async function runChains(job: ChainsJob): Promise<ChainsResult> {
  checkChainSettings(job.settings)
  job.signal?.throwIfAborted()
  const start = performance.now()
  const secondsElapsed = () => (performance.now() - start) / 1000
  const pause = pauseEvery(PAUSE_INTERVAL)
  const chains: ChainResult[] = []
  for (let chain = 0; chain < job.settings.chainCount; chain++) chains.push(await driveChain(job, chain, pause, secondsElapsed))
  return { ...combine(chains, job.settings.drawCount), seconds: secondsElapsed() }
}

async function driveChain(job: ChainsJob, chain: number, pause: Pause, secondsElapsed: () => number): Promise<ChainResult> {
  const { logDensity, propose, describe, settings, onProgress, signal } = job
  const transitions = runChain({ logDensity, propose, describe, settings, streamFor: (purpose) => job.streamFor(purpose, chain) })
  for (;;) {
    signal?.throwIfAborted()
    const step = transitions.next()
    if (step.done) return step.value
    const isPauseDue = pause.isDue()
    if (isPauseDue || step.value.iteration === step.value.total)
      onProgress?.({ chain, ...step.value, secondsElapsed: secondsElapsed() })
    if (isPauseDue) await pause.take()
  }
}

interface Pause {
  isDue(): boolean
  /** Gives the event loop a turn. */
  take(): Promise<void>
}

function pauseEvery(milliseconds: number): Pause {
  let next = performance.now() + milliseconds
  return {
    isDue: () => performance.now() >= next,
    async take() {
      await new Promise((resolve) => setTimeout(resolve, 0))
      next = performance.now() + milliseconds
    },
  }
}

function combine(chains: readonly ChainResult[], drawCount: number): Omit<ChainsResult, 'seconds'> {
  const variables = samplerVariables.map((name) => ({
    name,
    dimensions: [],
    values: concatenate(chains.map((chain) => chain.sampler[name])),
  }))
  return {
    positions: concatenate(chains.map((chain) => chain.positions)),
    sampler: { chainCount: chains.length, drawCount, variables },
    adaptation: chains.map((chain) => chain.adaptation),
    gradientCount: chains.reduce((sum, chain) => sum + chain.gradientCount, 0),
  }
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
