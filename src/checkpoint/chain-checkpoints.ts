import { UsageError } from '../errors/usage-error.js'
import type { ChainSnapshot } from '../inference/chain.js'
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
  readonly onEvent?: (event: CheckpointEvent) => void
}

/** The checkpoints of the chains of one fit. */
export interface ChainCheckpoints {
  /** Where a chain was when it was last saved. */
  saved(chain: number): ChainSnapshot | undefined
  /** Returns at once; saves in the background. */
  save(chain: number, snapshot: ChainSnapshot): void
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

interface Found extends Checkpoint {
  readonly key: string
  readonly bytes: number
}

/**
 * Reads what the store holds of a fit. A damaged checkpoint is reported; the chain then goes on from the one before it, or starts anew.
 * @throws UsageError for a checkpoint of something else: another version, protocol, data set, seed or setting.
 */
export async function openChainCheckpoints(
  settings: CheckpointSettings,
  { subject, identity, chainCount }: { subject: string; identity: CheckpointIdentity; chainCount: number },
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

  function tell(event: 'checkpoint-saved' | 'checkpoint-resumed', chain: number, at: ChainSnapshot, key: string, bytes: number) {
    const { phase, iteration, warmup } = at
    const transitions = iteration + (phase === 'sampling' ? warmup.options.warmupCount : 0)
    onEvent?.({ event, subject, chain, phase, iteration, transitions, name: nameIn(store, key), bytes })
  }

  return {
    saved: (chain) => found.get(chain)?.data as ChainSnapshot | undefined,
    save(chain, snapshot) {
      writer.put(String(chain), async () => {
        const sequence = ++sequences[chain]
        const key = keyOf(chain, sequence)
        const bytes = encodeCheckpoint({ identity, sequence, data: snapshot })
        await store.write(key, bytes)
        tell('checkpoint-saved', chain, snapshot, key, bytes.length)
      })
    },
    flush: writer.flush,
    failure: writer.signal,
    refuse(chain, reason) {
      throw foreign(nameIn(store, found.get(chain)?.key ?? keyOf(chain, 1)), subject, reason)
    },
  }
}

async function readLatest(
  { store, onEvent }: CheckpointSettings,
  subject: string,
  identity: CheckpointIdentity,
  chain: number,
): Promise<Found | undefined> {
  const good: Found[] = []
  const bad: { readonly name: string; readonly reason: string }[] = []
  for (const [index] of places.entries()) {
    const key = keyOf(chain, index)
    const name = nameIn(store, key)
    const bytes = await store.read(key)
    if (!bytes) continue
    const decoded = decodeCheckpoint(bytes)
    if ('fault' in decoded) {
      if (decoded.fault === 'other-format') throw foreign(name, subject, decoded.reason)
      bad.push({ name, reason: decoded.reason })
      continue
    }
    const difference = differenceOf(decoded.identity, identity)
    if (difference) throw foreign(name, subject, difference)
    good.push({ ...decoded, key, bytes: bytes.length })
  }
  const [latest] = good.sort((first, second) => second.sequence - first.sequence)
  for (const { name, reason } of bad) {
    const message = `${name}: this checkpoint is damaged (${reason}) and is not used; chain ${chain + 1} of ${subject} ${consequence(latest)}`
    onEvent?.({ event: 'checkpoint-damaged', subject, chain, name, message })
  }
  return latest
}

function consequence(latest: Found | undefined): string {
  if (!latest) return 'starts anew'
  const { phase, iteration } = latest.data as ChainSnapshot
  return `goes on from transition ${iteration} of ${phase}, where the other one was saved`
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
