import type { LogDensity } from '../contract/log-density.js'
import { restoreStream, type SeededStream } from '../random/stream.js'
import { climbToEnd } from './approximation/ascent.js'
import { type ChainRecord, copyRecord, createRecord, type RecordOptions, recordAfter, recordTransition } from './chain-record.js'
import { type ChainSnapshot, checkSnapshot } from './chain-snapshot.js'
import type { InitialState } from './initial-position.js'
import type { GradientState } from './state.js'
import type { HamiltonianInfo, TunedSettings } from './transition.js'
import { createTransition, type TransitionOptions } from './transition-kernel.js'
import { resumeWarmup, startWarmup, type Warmup, type WarmupOptions } from './warmup.js'

export { type Divergence, type SamplerVariable, samplerVariables } from './chain-record.js'
export type { ChainSnapshot }

/** One chain from start to end, a function of its arguments alone: it can run anywhere that has the log density, the start and the seed. */
export interface ChainJob {
  readonly logDensity: LogDensity
  readonly start: InitialState
  /** Purposes: `warmup`, `sampling`. */
  readonly streamFor: (purpose: string) => SeededStream
  readonly settings: WarmupOptions & TransitionOptions & RecordOptions & StartOptions
}

export interface StartOptions {
  /** Climb from `start` towards a mode before the first transition. Default: false. */
  readonly climb?: boolean
}

/** After each transition. */
export interface ChainStatus {
  readonly phase: 'warmup' | 'sampling'
  /** Transitions made in this phase, of `total`. */
  readonly iteration: number
  readonly total: number
  /** Divergent transitions in this phase. */
  readonly divergences: number
  readonly gradientCount: number
  /** Of the latest transition. */
  readonly stepSize: number
}

/** With the record of the draws that were not handed over in pieces. */
export interface ChainResult extends ChainRecord {
  readonly adaptation: TunedSettings
  /** Gradient evaluations, warmup and initialisation included. */
  readonly gradientCount: number
}

/** A chain that makes one transition at each `next()`. */
export interface RunningChain extends Generator<ChainStatus, ChainResult, void> {
  /** The chain as it is now: before the first transition, between two, or after the last. Owns what it holds. */
  snapshot(): ChainSnapshot
  /** To be called after each transition, where the settings ask for pieces: the chain as it is now when it holds as many draws, which it then forgets. */
  takePiece(): ChainSnapshot | undefined
}

/** Where a chain is: all that changes from one transition to the next. */
interface Progress {
  phase: 'warmup' | 'sampling'
  iteration: number
  divergences: number
  state: GradientState
  stream: SeededStream
  readonly warmup: Warmup
  record: ChainRecord
  readonly logDensity: CountedLogDensity
}

/**
 * The only loop over draws. A generator, so that whoever drives it decides when to pause, report, save or stop between transitions.
 *
 * @param snapshot of an earlier run of this job: the chain goes on from there, with the draws and statistics of one that never stopped, bit
 *   for bit; `job.start` is then not used.
 * @throws UsageError when the snapshot is of another job.
 */
export function runChain(job: ChainJob, snapshot?: ChainSnapshot): RunningChain {
  const progress = snapshot ? resume(job, snapshot) : begin(job)
  return Object.assign(transitions(job, progress), {
    snapshot: () => save(progress, job.settings),
    takePiece: () => takePiece(progress, job),
  })
}

function* transitions(job: ChainJob, progress: Progress): Generator<ChainStatus, ChainResult, void> {
  const { warmupCount, drawCount, thin = 1 } = job.settings
  const samplingCount = drawCount * thin
  const { logDensity, warmup } = progress
  const transition = createTransition(job.logDensity, job.settings)
  const statusOf = (total: number, stepSize: number): ChainStatus => {
    const { phase, iteration, divergences } = progress
    return { phase, iteration, total, divergences, gradientCount: logDensity.count, stepSize }
  }
  while (progress.phase === 'warmup' && progress.iteration < warmupCount) {
    const { state, info } = transition(progress.stream, progress.state, job.logDensity, warmup.settings())
    advance(progress, state, info)
    warmup.learn(progress.stream, state, info)
    yield statusOf(warmupCount, info.stepSize)
  }
  if (progress.phase === 'warmup')
    Object.assign(progress, { phase: 'sampling', iteration: 0, divergences: 0, stream: job.streamFor('sampling') })
  const adaptation = warmup.adaptation()
  while (progress.iteration < samplingCount) {
    const { state, info } = transition(progress.stream, progress.state, job.logDensity, adaptation)
    recordTransition(progress.record, progress.iteration, thin, state, info)
    advance(progress, state, info)
    yield statusOf(samplingCount, info.stepSize)
  }
  return { ...progress.record, adaptation, gradientCount: logDensity.count }
}

function advance(progress: Progress, state: GradientState, { isDivergent, leapfrogCount }: HamiltonianInfo): void {
  progress.state = state
  progress.iteration++
  progress.logDensity.count += leapfrogCount
  if (isDivergent) progress.divergences++
}

function begin(job: ChainJob): Progress {
  const { settings } = job
  const logDensity = withCount(job.logDensity, job.start.gradientCount)
  const stream = job.streamFor('warmup')
  const start = settings.climb ? climbToEnd(logDensity, job.start, CLIMB).state : job.start
  return {
    phase: 'warmup',
    iteration: 0,
    divergences: 0,
    state: start,
    stream,
    warmup: startWarmup(stream, start, logDensity, settings),
    record: createRecord(settings, logDensity.dimension),
    logDensity,
  }
}

/** Far enough to be among the posterior's mass or at its edge; the rest of the way is the warmup's. */
const CLIMB = { memory: 10, tolerance: 0.1, maximumIterations: 60 }

function resume(job: ChainJob, snapshot: ChainSnapshot): Progress {
  const { dimension } = job.logDensity
  checkSnapshot(snapshot, dimension, job.settings)
  const { phase, iteration, divergences, state, stream, warmup, record, gradientCount } = snapshot
  const logDensity = withCount(job.logDensity, gradientCount)
  return {
    phase,
    iteration,
    divergences,
    state: structuredClone(state),
    stream: restoreStream(stream),
    warmup: resumeWarmup(warmup, logDensity),
    record: createRecord(job.settings, dimension, record),
    logDensity,
  }
}

function takePiece(progress: Progress, { settings, logDensity: { dimension } }: ChainJob): ChainSnapshot | undefined {
  const { pieceDraws, thin = 1 } = settings
  const { phase, iteration, record } = progress
  if (pieceDraws === undefined || phase !== 'sampling' || iteration < (record.firstDraw + pieceDraws) * thin) return undefined
  const piece = save(progress, settings, record)
  progress.record = createRecord(settings, dimension, recordAfter(record))
  return piece
}

function save(
  { phase, iteration, divergences, state, stream, warmup, record: held, logDensity }: Progress,
  { algorithm = 'nuts', thin = 1 }: TransitionOptions & RecordOptions,
  record = copyRecord(held, phase === 'sampling' ? Math.ceil(iteration / thin) - held.firstDraw : 0, logDensity.dimension),
): ChainSnapshot {
  return {
    format: 2,
    algorithm,
    thin,
    phase,
    iteration,
    divergences,
    gradientCount: logDensity.count,
    state: copyOf(state),
    stream: stream.state(),
    warmup: warmup.save(),
    record,
  }
}

/** Without the other half of a shared buffer, and without what a start knows besides. */
function copyOf({ position, logDensity, gradient }: GradientState): GradientState {
  return { position: position.slice(), logDensity, gradient: gradient.slice() }
}

type CountedLogDensity = LogDensity & { count: number }

/** The same log density, counting on from `count` the evaluations that are not leapfrog steps of transitions. */
function withCount(inner: LogDensity, count: number): CountedLogDensity {
  return {
    count,
    dimension: inner.dimension,
    valueAndGradient(position, gradient) {
      this.count++
      return inner.valueAndGradient(position, gradient)
    },
  }
}
