import type { LogDensity } from '../contract/log-density.js'
import type { SeededStream } from '../random/stream.js'
import { type ChainResult, type ChainSnapshot, type ChainStatus, runChain } from './chain.js'
import { type ChainClocks, chainClocks } from './chain-clocks.js'
import { type ChainListener, chainReporter, STATUS_INTERVAL } from './chain-reporter.js'
import { type ChainSettings, checkChainSettings } from './chain-settings.js'
import { type ChainsResult, combineChains } from './combine-chains.js'
import { findInitialPosition, type InitialState } from './initial-position.js'
import type { Proposal } from './initial-proposals.js'
import { type Clock, createClock, type Pause, pauseEvery } from './timing.js'
import { type WorkLeft, type WorkMeter, workMeter } from './work-left.js'

export type { ChainSettings, ChainsResult }

export interface ChainProgress extends ChainStatus {
  readonly chain: number
  /** Since the first chain began, in this sitting. */
  readonly secondsElapsed: number
}

/** Runs one chain from its start, or on from where it was saved, in another thread or on another machine, and tells `hooks` how it goes. */
export type ChainRunner = (chain: number, start: InitialState, hooks: ChainHooks, saved?: ChainSnapshot) => Promise<ChainResult>

export interface ChainHooks extends ChainListener {
  /** The chain has left the queue. */
  onBegin(): void
}

export interface ChainsJob {
  readonly logDensity: LogDensity
  /** An initial position, `[dimension]`; called again, up to 100 times, while the log density there is not finite. */
  readonly propose: Proposal
  /** What to say about the last of 100 starting points that failed, such as parameter names and values. */
  readonly describe?: (position: Float64Array) => string
  /** Streams must differ by purpose and by chain: all randomness comes from here. Purposes: `initial-position`, `warmup`, `sampling`. */
  readonly streamFor: (purpose: string, chain: number) => SeededStream
  readonly settings: ChainSettings
  /** Called about 20 times a second and at the end of each phase of each chain. */
  readonly onProgress?: (progress: ChainProgress) => void
  readonly signal?: AbortSignal
  /** An earlier snapshot of this chain to go on from, with the same draws as if it had never stopped. */
  readonly savedChain?: (chain: number) => ChainSnapshot | undefined
  /** Called with each chain every 5 s, at the end of warmup, at its end and when the signal stops it; what it gets is the caller's to keep. */
  readonly onSnapshot?: (chain: number, snapshot: ChainSnapshot) => void
  /** Called with each piece of a chain, where the settings ask for pieces; resolves when there is room for another. */
  readonly onPiece?: (chain: number, piece: ChainSnapshot) => Promise<void>
  /** Instead of 5000. */
  readonly snapshotMilliseconds?: number
  /** Where chains run several at a time, with the same streams; in this thread one after the other when absent. Heeds the signal itself. */
  readonly runElsewhere?: ChainRunner
  /**
   * Whether to move there, asked about every 25 ms while chains run in this thread: the chain that is running goes on there too. When absent,
   * all go there at once.
   */
  readonly isWorthMoving?: (left: WorkLeft) => boolean
}

/** Chains that have ended, each with the draws that it did not hand over in pieces. */
export interface EndedChains extends Pick<ChainsResult, 'chainSeconds' | 'seconds'> {
  readonly chains: readonly ChainResult[]
}

/**
 * Runs chains, of NUTS unless told otherwise. Starting points are found in this thread; from there a chain runs in this thread, where the event
 * loop gets a turn about every 50 ms, between transitions, or elsewhere. Chain c's draws depend on the log density, the settings and
 * `streamFor(..., c)`, not on the other chains and not on where it runs.
 *
 * Numerical trouble within a chain does not reject: it shows in `sampler`. When aborted, it rejects as soon as all chains have been saved.
 *
 * @throws UsageError for settings out of range, RunError when a chain finds no starting point, and the signal's reason when aborted.
 */
export async function runChains(job: ChainsJob): Promise<ChainsResult> {
  const { chains, ...times } = await runChainsInPieces(job)
  return { ...combineChains(chains, job.settings.drawCount), ...times }
}

/** The same where settings may ask for pieces, which are then not in the result. */
export async function runChainsInPieces(given: ChainsJob): Promise<EndedChains> {
  checkChainSettings(given.settings)
  given.signal?.throwIfAborted()
  const clock = createClock()
  const clocks = chainClocks((chain) => given.savedChain?.(chain)?.seconds)
  const earlier = secondsSaved(given)
  const job = withSecondsInSnapshots(given, clocks, () => earlier + clock.seconds())
  const { runElsewhere, isWorthMoving } = job
  const timing = { clock, clocks }
  return {
    chains: runElsewhere && !isWorthMoving ? await runAll(job, runElsewhere, timing) : await runInTurn(job, timing),
    chainSeconds: Array.from({ length: job.settings.chainCount }, (_, chain) => clocks.seconds(chain)),
    seconds: earlier + clock.seconds(),
  }
}

interface Timing {
  /** Of all chains, in this sitting. */
  readonly clock: Clock
  readonly clocks: ChainClocks
}

/** Of all chains, in earlier sittings. */
function secondsSaved({ savedChain, settings }: ChainsJob): number {
  return Math.max(...Array.from({ length: settings.chainCount }, (_, chain) => savedChain?.(chain)?.fitSeconds ?? 0))
}

function withSecondsInSnapshots(job: ChainsJob, clocks: ChainClocks, fitSeconds: () => number): ChainsJob {
  const { onSnapshot, onPiece } = job
  const timed = (chain: number, snapshot: ChainSnapshot) => {
    clocks.mark(chain, snapshot.phase)
    return { ...snapshot, seconds: clocks.seconds(chain), fitSeconds: fitSeconds() }
  }
  return {
    ...job,
    ...(onSnapshot && { onSnapshot: (chain, snapshot) => onSnapshot(chain, timed(chain, snapshot)) }),
    ...(onPiece && { onPiece: (chain, piece) => onPiece(chain, timed(chain, piece)) }),
  }
}

/** All starting points before the first chain is handed out: whether one is missing shows before anything runs. */
async function runAll(
  job: ChainsJob,
  runElsewhere: ChainRunner,
  { clock, clocks }: Timing,
  firstChain = 0,
  moved?: ChainSnapshot,
): Promise<ChainResult[]> {
  const { onProgress, onSnapshot, onPiece, snapshotMilliseconds } = job
  const saved = (chain: number) => (chain === firstChain && moved) || job.savedChain?.(chain)
  const chains = Array.from({ length: job.settings.chainCount - firstChain }, (_, index) => {
    const chain = firstChain + index
    return { chain, start: startOf(job, chain, saved(chain)) }
  })
  return settled(
    chains.map(async ({ chain, start }) => {
      const ended = endedChain(job, chain, start, saved(chain))
      if (ended) return ended
      const hooks: ChainHooks = {
        onBegin() {
          clock.start()
          clocks.begin(chain)
        },
        onStatus(status) {
          clocks.mark(chain, status.phase)
          onProgress?.({ chain, ...status, secondsElapsed: clock.seconds() })
        },
        onSnapshot: onSnapshot && ((snapshot) => onSnapshot(chain, snapshot)),
        onPiece: onPiece && ((piece) => onPiece(chain, piece)),
        snapshotMilliseconds,
      }
      return runElsewhere(chain, start, hooks, saved(chain))
    }),
    job.signal,
  )
}

/** The result of a chain that had ended when it was saved. */
function endedChain(job: ChainsJob, chain: number, start: InitialState, saved?: ChainSnapshot): ChainResult | undefined {
  if (!saved || transitionsLeft(job, chain) > 0) return undefined
  const { logDensity, settings } = job
  const step = runChain({ logDensity, settings, streamFor: (purpose) => job.streamFor(purpose, chain), start }, saved).next()
  return step.done ? step.value : undefined
}

/** All results, or the first failure; after an abort not before every chain has had the time to be saved. */
async function settled<Result>(work: readonly Promise<Result>[], signal: AbortSignal | undefined): Promise<Result[]> {
  try {
    return await Promise.all(work)
  } catch (error) {
    if (signal?.aborted) await Promise.allSettled(work)
    throw error
  }
}

async function runInTurn(job: ChainsJob, timing: Timing): Promise<ChainResult[]> {
  timing.clock.start()
  const { chainCount } = job.settings
  const pause = pauseEvery(STATUS_INTERVAL)
  const meter = workMeter(Array.from({ length: chainCount }, (_, chain) => transitionsLeft(job, chain)))
  const results: ChainResult[] = []
  for (let chain = 0; chain < chainCount; chain++) {
    const outcome = await driveChain(job, chain, { pause, meter, ...timing })
    if ('moved' in outcome) return [...results, ...(await runAll(job, outcome.runElsewhere, timing, chain, outcome.moved))]
    results.push(outcome)
  }
  return results
}

function transitionsLeft({ settings, savedChain }: ChainsJob, chain: number): number {
  const { warmupCount, drawCount, thin = 1 } = settings
  const saved = savedChain?.(chain)
  const made = saved ? saved.iteration + (saved.phase === 'sampling' ? warmupCount : 0) : 0
  return warmupCount + drawCount * thin - made
}

function startOf({ streamFor, logDensity, propose, describe }: ChainsJob, chain: number, saved?: ChainSnapshot): InitialState {
  if (saved) return { ...saved.state, gradientCount: saved.gradientCount }
  return findInitialPosition(streamFor('initial-position', chain), logDensity, (stream) => propose(stream, chain), describe)
}

/** What the chains that run in this thread have in common. */
interface Thread extends Timing {
  readonly pause: Pause
  readonly meter: WorkMeter
}

/** A chain that is to go on elsewhere. */
interface Moved {
  readonly moved: ChainSnapshot
  readonly runElsewhere: ChainRunner
}

async function driveChain(job: ChainsJob, chain: number, { pause, clock, clocks, meter }: Thread): Promise<ChainResult | Moved> {
  const { logDensity, settings, onProgress, onSnapshot, onPiece, snapshotMilliseconds, signal, runElsewhere, isWorthMoving } = job
  const streamFor = (purpose: string) => job.streamFor(purpose, chain)
  const saved = job.savedChain?.(chain)
  const running = runChain({ logDensity, settings, streamFor, start: startOf(job, chain, saved) }, saved)
  const listener: ChainListener = {
    onStatus(status) {
      clocks.mark(chain, status.phase)
      onProgress?.({ chain, ...status, secondsElapsed: clock.seconds() })
    },
    onSnapshot: onSnapshot && ((snapshot) => onSnapshot(chain, snapshot)),
    onPiece: onPiece && ((piece) => onPiece(chain, piece)),
    snapshotMilliseconds,
  }
  clocks.begin(chain)
  const reporter = chainReporter(running, listener, pause)
  for (;;) {
    if (signal?.aborted) reporter.save()
    signal?.throwIfAborted()
    const step = running.next()
    const isPauseDue = reporter.after(step)
    if (step.done) return step.value
    const left = meter.count()
    if (left && runElsewhere && isWorthMoving?.(left)) {
      reporter.save()
      return { moved: running.snapshot(), runElsewhere }
    }
    if (reporter.room) await reporter.room
    if (isPauseDue) await pause.take()
  }
}
