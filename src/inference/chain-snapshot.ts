import { UsageError } from '../errors/usage-error.js'
import type { StreamState } from '../random/stream.js'
import { type ChainRecord, type RecordOptions, recordAfter } from './chain-record.js'
import type { GradientState } from './state.js'
import { type SavedWarmup, type WarmupOptions, withDefaults } from './warmup.js'

/** Seconds that a chain took for each phase, over all sittings as far as they were saved. */
export interface PhaseSeconds {
  readonly warmup: number
  readonly sampling: number
}

/**
 * A chain between two transitions, as plain data that can be cloned, sent and stored: `runChain(job, snapshot)` goes on from it with the
 * same bits as if it had never stopped. The log density, the settings and the streams come from the job again and must be the same;
 * `drawCount` alone may grow, so a chain that has ended can be continued.
 */
export interface ChainSnapshot {
  /** Of this layout; changes with it. */
  readonly format: 2
  readonly algorithm: 'nuts' | 'hmc'
  /** Transitions for each draw. */
  readonly thin: number
  readonly phase: 'warmup' | 'sampling'
  /** Transitions made in this phase. */
  readonly iteration: number
  /** Divergent transitions in this phase. */
  readonly divergences: number
  readonly gradientCount: number
  readonly state: GradientState
  /** Of the phase's stream. */
  readonly stream: StreamState
  readonly warmup: SavedWarmup
  /** Of the draws made so far, those aside that it handed over in pieces. */
  readonly record: ChainRecord
  /** Added by `runChains`: what this chain, and all chains together, had taken when it was saved. */
  readonly seconds?: PhaseSeconds
  readonly fitSeconds?: number
}

/** The chain after the draws of a piece were put away: it goes on from there. */
export function afterPiece(piece: ChainSnapshot): ChainSnapshot {
  return { ...piece, record: recordAfter(piece.record) }
}

/** @throws UsageError when the snapshot is not of a chain with this dimension and these settings. */
export function checkSnapshot(
  snapshot: ChainSnapshot,
  dimension: number,
  settings: WarmupOptions & RecordOptions & { readonly algorithm?: string },
): void {
  const problem = differenceOf(snapshot, dimension, settings)
  if (problem === undefined) return
  throw new UsageError({
    problem: `A chain cannot be continued: ${problem}`,
    remedy: 'Continue it with the version of poolite, the model and the settings that it was started with, or start it anew.',
  })
}

function differenceOf(
  { format, algorithm, thin, phase, iteration, state, warmup }: ChainSnapshot,
  dimension: number,
  settings: WarmupOptions & RecordOptions & { readonly algorithm?: string },
): string | undefined {
  const { drawCount, thin: wantedThin = 1, algorithm: wanted = 'nuts' } = settings
  if (format !== 2) return `its snapshot has format ${format}, not 2`
  if (state.position.length !== dimension)
    return `its snapshot has dimension ${state.position.length}, the log density ${dimension}`
  if (algorithm !== wanted) return `it was started with algorithm ${algorithm}, not ${wanted}`
  if (thin !== wantedThin) return `it was started with thin ${thin}, not ${wantedThin}`
  const options = withDefaults(settings)
  for (const name of ['warmupCount', 'targetAcceptance', 'adaptation', 'metric'] as const)
    if (warmup.options[name] !== options[name]) return `it was started with ${name} ${warmup.options[name]}, not ${options[name]}`
  const made = Math.ceil(iteration / thin)
  if (phase === 'sampling' && made > drawCount) return `it already has ${made} draws, more than ${drawCount}`
  return undefined
}
