import type { PortableLogDensity } from '../engine/log-density-program.js'
import type { ChainJob, ChainResult, ChainSnapshot, ChainStatus } from '../inference/chain.js'
import type { InitialState } from '../inference/initial-position.js'
import { type SeededStream, stream } from '../random/stream.js'

/** A chain as plain data, for a thread that has neither tfjs nor the model. */
export interface ChainTask {
  /** What it is a chain of, such as `trial "ACT-1"`, for messages. */
  readonly subject: string
  /** 0-based. */
  readonly chain: number
  readonly logDensity: PortableLogDensity
  readonly start: InitialState
  /** Where the chain goes on from, when it has been run before. */
  readonly saved?: ChainSnapshot | undefined
  readonly streams: StreamKey
  readonly settings: ChainJob['settings']
}

/** What the random streams of one fit have in common. */
export interface StreamKey {
  readonly seed: number
  readonly purpose: string
  readonly study: string
}

/** The one place that says how the streams of a fit are made, so that a chain has the same numbers wherever it runs. */
export function chainStream({ seed, purpose, study }: StreamKey, what: string, chain: number): SeededStream {
  return stream(seed, purpose, study, what, chain)
}

/** To a worker. The log density comes with the first of its chains only; the worker keeps the latest. */
export interface ChainOrder extends Omit<ChainTask, 'subject' | 'logDensity'>, Partial<Pick<ChainTask, 'logDensity'>> {
  /** Between snapshots; none are wanted when absent. */
  readonly snapshotMilliseconds?: number
}

/** What a worker shares with the main thread, one element each. */
export interface WorkerStart {
  /** Not 0 when the chain is to be saved and left after its next transition. */
  readonly stop: Int32Array
  /** Pieces of chains that were sent and for which there was no room yet: the worker waits while there are any. */
  readonly pieces: Int32Array
}

/** From a worker. */
export type ChainMessage =
  | { readonly kind: 'status'; readonly status: ChainStatus }
  | { readonly kind: 'snapshot'; readonly snapshot: ChainSnapshot }
  | { readonly kind: 'piece'; readonly snapshot: ChainSnapshot }
  | { readonly kind: 'result'; readonly result: ChainResult }
  /** It was told to stop, and the latest snapshot says where it is. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failure'; readonly error: unknown }
