import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import { type ChainResult, type ChainStatus, runChain, STATUS_INTERVAL, samplerVariables } from './chain.js'
import { type ChainSettings, checkChainSettings } from './chain-settings.js'
import { findInitialPosition, type InitialState } from './initial-position.js'
import { type Clock, createClock, type Pause, pauseEvery } from './timing.js'
import type { Adaptation } from './warmup.js'

export type { ChainSettings }

export interface ChainProgress extends ChainStatus {
  readonly chain: number
  /** Since the first chain began. */
  readonly secondsElapsed: number
}

/** Runs one chain from its start, in another thread or on another machine, and tells `hooks` how it goes. */
export type ChainRunner = (chain: number, start: InitialState, hooks: ChainHooks) => Promise<ChainResult>

export interface ChainHooks {
  /** The chain has left the queue. */
  onBegin(): void
  /** About 20 times a second and at the end of each phase. */
  onStatus(status: ChainStatus): void
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
  /** Where chains run, all at once and with the same streams; in this thread one after the other when absent. Heeds the signal itself. */
  readonly runElsewhere?: ChainRunner
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
  /** From the beginning of the first chain to the end of the last. */
  readonly seconds: number
}

/**
 * Runs NUTS chains. Starting points are found in this thread; from there a chain runs in this thread, where the event loop gets a turn about
 * every 50 ms, between transitions, or elsewhere. Chain c's draws depend on the log density, the settings and `streamFor(..., c)`, not on the
 * other chains and not on where it runs.
 *
 * Numerical trouble within a chain does not reject: it shows in `sampler`.
 *
 * @throws UsageError for settings out of range, RunError when a chain finds no starting point, and the signal's reason when aborted.
 */
export async function runChains(job: ChainsJob): Promise<ChainsResult> {
  checkChainSettings(job.settings)
  job.signal?.throwIfAborted()
  const clock = createClock()
  const chains = await (job.runElsewhere ? runAll(job, job.runElsewhere, clock) : runInTurn(job, clock))
  return { ...combine(chains, job.settings.drawCount), seconds: clock.seconds() }
}

/** All starting points before the first chain is handed out: whether one is missing shows before anything runs. */
function runAll(job: ChainsJob, runElsewhere: ChainRunner, clock: Clock): Promise<ChainResult[]> {
  const starts = Array.from({ length: job.settings.chainCount }, (_, chain) => startOf(job, chain))
  const onStatus = (chain: number) => (status: ChainStatus) =>
    job.onProgress?.({ chain, ...status, secondsElapsed: clock.seconds() })
  return Promise.all(
    starts.map((start, chain) => runElsewhere(chain, start, { onBegin: clock.start, onStatus: onStatus(chain) })),
  )
}

async function runInTurn(job: ChainsJob, clock: Clock): Promise<ChainResult[]> {
  clock.start()
  const pause = pauseEvery(STATUS_INTERVAL)
  const chains: ChainResult[] = []
  for (let chain = 0; chain < job.settings.chainCount; chain++) chains.push(await driveChain(job, chain, pause, clock))
  return chains
}

function startOf({ streamFor, logDensity, propose, describe }: ChainsJob, chain: number): InitialState {
  return findInitialPosition(streamFor('initial-position', chain), logDensity, propose, describe)
}

async function driveChain(job: ChainsJob, chain: number, pause: Pause, clock: Clock): Promise<ChainResult> {
  const { logDensity, settings, onProgress, signal } = job
  const streamFor = (purpose: string) => job.streamFor(purpose, chain)
  const transitions = runChain({ logDensity, settings, streamFor, start: startOf(job, chain) })
  for (;;) {
    signal?.throwIfAborted()
    const step = transitions.next()
    if (step.done) return step.value
    const isPauseDue = pause.isDue()
    if (isPauseDue || step.value.iteration === step.value.total)
      onProgress?.({ chain, ...step.value, secondsElapsed: clock.seconds() })
    if (isPauseDue) await pause.take()
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
