import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'
import type { ChainSnapshot } from '../inference/chain.js'
import { afterPiece } from '../inference/chain-snapshot.js'
import { type Checkpoint, type CheckpointIdentity, decodeCheckpoint, encodeCheckpoint } from './checkpoint-bytes.js'
import { type CheckpointStore, nameIn } from './checkpoint-store.js'
import { latestWriter } from './latest-writer.js'

export type CheckpointEvent =
  | {
      readonly event: 'checkpoint-saved' | 'checkpoint-resumed'
      /** Such as `trial "ACT-1"`. */
      readonly subject: string
      /** 0-based. */
      readonly chain: number
      readonly phase: ChainSnapshot['phase']
      /** Transitions made in that phase. */
      readonly iteration: number
      /** Transitions made, warmup included. */
      readonly transitions: number
      /** As the store names it, such as a path. */
      readonly name: string
      readonly bytes: number
    }
  | {
      readonly event: 'checkpoint-damaged'
      readonly subject: string
      readonly chain: number
      readonly name: string
      /** What is wrong with it and what that costs, in one sentence. */
      readonly message: string
    }

export interface CheckpointSettings {
  readonly store: CheckpointStore
  /** Between two checkpoints of a running chain; 5 when left out. More where saving would take more than 5% of the time. */
  readonly seconds?: number
  /**
   * Of draws that a chain holds before it puts them away in a piece of its own, which is written once; 8 MiB when left out. Shorter chains are
   * in their checkpoints whole.
   */
  readonly pieceBytes?: number
  readonly onEvent?: (event: CheckpointEvent) => void
}

/** The checkpoints of the chains of one fit. */
export interface ChainCheckpoints {
  /** Where a chain was when it was last saved. */
  saved(chain: number): ChainSnapshot | undefined
  /** Returns at once; saves in the background. */
  save(chain: number, snapshot: ChainSnapshot): void
  /** Puts a piece of a chain away in the background, once for all. Resolves when there is room for another: when the one before it is. */
  savePiece(chain: number, piece: ChainSnapshot): Promise<void>
  /** The piece of a chain that begins with that draw. @throws DataError when it is not as it was written */
  piece(chain: number, firstDraw: number): Promise<ChainSnapshot>
  /** Resolves when all is saved. @throws what the store threw */
  flush(): Promise<void>
  /** Aborted with what the store threw. */
  readonly failure: AbortSignal
  /** @throws UsageError that the checkpoint of that chain does not belong here, for that reason */
  refuse(chain: number, reason: string): never
}

/** Each chain has two places in the store that it uses in turn, so that one whole checkpoint is left if the latest is damaged later. */
const places = ['a', 'b'] as const
const keyOf = (chain: number, sequence: number): string => `chain-${chain + 1}-${places[sequence % places.length]}`
/** And one for each piece of its draws, counted from 1, with the chain as it was at the end of the piece. */
const pieceKey = (chain: number, piece: number): string => `chain-${chain + 1}-draws-${piece}`

interface Found extends Checkpoint {
  readonly key: string
  readonly bytes: number
}

export interface ChainsToSave {
  readonly subject: string
  readonly identity: CheckpointIdentity
  readonly chainCount: number
  /** In a piece. */
  readonly pieceDraws: number
}

/**
 * Reads what the store holds of a fit. A damaged checkpoint is reported; the chain then goes on from the one before it, or starts anew.
 * @throws UsageError for a checkpoint of something else: another version, protocol, data set, seed or setting.
 */
export async function openChainCheckpoints(
  settings: CheckpointSettings,
  { subject, identity, chainCount, pieceDraws }: ChainsToSave,
): Promise<ChainCheckpoints> {
  const { store, onEvent } = settings
  const found = new Map<number, Found>()
  const sequences: number[] = []
  for (let chain = 0; chain < chainCount; chain++) {
    const latest = await readLatest(settings, subject, identity, chain)
    sequences.push(latest?.sequence ?? 0)
    if (!latest) continue
    found.set(chain, latest)
    tell('checkpoint-resumed', chain, latest.data as ChainSnapshot, latest.key, latest.bytes)
  }
  const writer = latestWriter()
  const puttingAway = new Map<number, Promise<void>>()
  const encode = (sequence: number, data: ChainSnapshot) => encodeCheckpoint({ identity, sequence, data })

  function tell(event: 'checkpoint-saved' | 'checkpoint-resumed', chain: number, at: ChainSnapshot, key: string, bytes: number) {
    const { phase, iteration, warmup } = at
    const transitions = iteration + (phase === 'sampling' ? warmup.options.warmupCount : 0)
    onEvent?.({ event, subject, chain, phase, iteration, transitions, name: nameIn(store, key), bytes })
  }

  return {
    saved: (chain) => found.get(chain)?.data as ChainSnapshot | undefined,
    save(chain, snapshot) {
      void writer.put(String(chain), async () => {
        const sequence = ++sequences[chain]
        const key = keyOf(chain, sequence)
        const bytes = encode(sequence, snapshot)
        await store.write(key, bytes)
        tell('checkpoint-saved', chain, snapshot, key, bytes.length)
      })
    },
    savePiece(chain, piece) {
      const number = 1 + piece.record.firstDraw / pieceDraws
      const key = pieceKey(chain, number)
      const earlier = puttingAway.get(chain) ?? Promise.resolve()
      puttingAway.set(
        chain,
        writer.put(key, () => store.write(key, encode(number, piece))),
      )
      return earlier
    },
    async piece(chain, firstDraw) {
      const key = pieceKey(chain, 1 + firstDraw / pieceDraws)
      const found = decodeCheckpoint((await store.read(key)) ?? new Uint8Array(0))
      if ('fault' in found) throw lost(nameIn(store, key), subject, found.reason)
      return found.data as ChainSnapshot
    },
    flush: writer.flush,
    failure: writer.signal,
    refuse(chain, reason) {
      throw foreign(nameIn(store, found.get(chain)?.key ?? keyOf(chain, 1)), subject, reason)
    },
  }
}

/** The furthest point that a chain can go on from: its latest checkpoint, if all pieces before it are whole, or the end of the last whole piece. */
async function readLatest(
  settings: CheckpointSettings,
  subject: string,
  identity: CheckpointIdentity,
  chain: number,
): Promise<Found | undefined> {
  const { onEvent } = settings
  const bad: Damaged[] = []
  const take = (key: string) => readOne(settings, subject, identity, key, bad)
  const good: Found[] = []
  let pieceEnd = 0
  for (let number = 1; ; number++) {
    const piece = await take(pieceKey(chain, number))
    if (!piece) break
    const data = afterPiece(piece.data as ChainSnapshot)
    pieceEnd = data.record.firstDraw
    good.splice(0, 1, { ...piece, sequence: 0, data })
  }
  for (const [index] of places.entries()) {
    const found = await take(keyOf(chain, index))
    if (found && (found.data as ChainSnapshot).record.firstDraw <= pieceEnd) good.push(found)
  }
  const latest = good.reduce<Found | undefined>(
    (best, one) => (best && progressOf(best) >= progressOf(one) ? best : one),
    undefined,
  )
  for (const { name, reason } of bad) {
    const message = `${name}: this checkpoint is damaged (${reason}) and is not used; chain ${chain + 1} of ${subject} ${consequence(latest)}`
    onEvent?.({ event: 'checkpoint-damaged', subject, chain, name, message })
  }
  return latest && { ...latest, sequence: Math.max(...good.map(({ sequence }) => sequence)) }
}

interface Damaged {
  readonly name: string
  readonly reason: string
}

/** Nothing when the store has none of that key, or it is damaged. @throws UsageError for a checkpoint of something else */
async function readOne(
  { store }: CheckpointSettings,
  subject: string,
  identity: CheckpointIdentity,
  key: string,
  bad: Damaged[],
): Promise<Found | undefined> {
  const name = nameIn(store, key)
  const bytes = await store.read(key)
  if (!bytes) return undefined
  const decoded = decodeCheckpoint(bytes)
  if ('fault' in decoded) {
    if (decoded.fault === 'other-format') throw foreign(name, subject, decoded.reason)
    bad.push({ name, reason: decoded.reason })
    return undefined
  }
  const difference = differenceOf(decoded.identity, identity)
  if (difference) throw foreign(name, subject, difference)
  return { ...decoded, key, bytes: bytes.length }
}

/** Transitions, warmup included: larger later. */
function progressOf({ data }: Found): number {
  const { phase, iteration, warmup } = data as ChainSnapshot
  return iteration + (phase === 'sampling' ? warmup.options.warmupCount : 0)
}

function consequence(latest: Found | undefined): string {
  if (!latest) return 'starts anew'
  const { phase, iteration } = latest.data as ChainSnapshot
  return `goes on from transition ${iteration} of ${phase}, where it was last saved whole`
}

/** The first thing that differs, as a clause. */
function differenceOf(found: CheckpointIdentity, wanted: CheckpointIdentity): string | undefined {
  const name = [...Object.keys(wanted), ...Object.keys(found)].find((one) => found[one] !== wanted[one])
  return name === undefined
    ? undefined
    : `it was made with ${name} ${shown(found[name])}, and this is ${name} ${shown(wanted[name])}`
}

/** Hashes are cut. */
function shown(value: string | number | undefined): string {
  const text = String(value ?? 'unknown')
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 8)}...` : text
}

function foreign(name: string, subject: string, reason: string): UsageError {
  return new UsageError({
    file: name,
    problem: `this checkpoint does not belong to this run of ${subject}`,
    reason,
    remedy: 'Go on with the version, protocol, data and settings that made it, or start anew without it.',
  })
}

function lost(file: string, subject: string, reason: string): DataError {
  return new DataError({
    file,
    problem: `draws of ${subject} that were put away cannot be read`,
    reason,
    remedy: 'Run the same command with --resume: the chain goes on from what is whole before them, to the same draws.',
  })
}
