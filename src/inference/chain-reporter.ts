import type { ChainResult, ChainSnapshot, ChainStatus, RunningChain } from './chain.js'
import { type Pause, pauseEvery } from './timing.js'

/** Milliseconds between reports of a status. */
export const STATUS_INTERVAL = 50

/** Milliseconds between snapshots of a chain, unless told otherwise. */
export const SNAPSHOT_INTERVAL = 5000

/** Saving may take this part of the time at most: with many draws, snapshots are made less often. */
const LARGEST_SAVING_SHARE = 0.05

/** Who wants to know how a chain goes. */
export interface ChainListener {
  /** About 20 times a second and at the end of each phase. */
  onStatus(status: ChainStatus): void
  /** Present when snapshots are wanted: every so often, at the end of warmup and of the chain. What it gets is its own to keep. */
  onSnapshot?: ((snapshot: ChainSnapshot) => void) | undefined
  /** Present when the settings of the chain ask for pieces: each comes once, and is its own to keep. Resolves when there is room for another. */
  onPiece?: ((piece: ChainSnapshot) => Promise<void>) | undefined
  /** Between two snapshots; 5000 when left out. */
  readonly snapshotMilliseconds?: number | undefined
}

/** Tells a listener of each step of a chain. */
export interface ChainReporter {
  /** Whether it is time to look up from the work: true about 20 times a second. */
  after(step: IteratorResult<ChainStatus, ChainResult>): boolean
  /** A snapshot now, if snapshots are wanted. */
  save(): void
  /** Resolves when the chain may go on: pieces must not come faster than they are put away. Undefined when it may at once. */
  readonly room: Promise<void> | undefined
}

export function chainReporter(
  chain: RunningChain,
  { onStatus, onSnapshot, onPiece, snapshotMilliseconds = SNAPSHOT_INTERVAL }: ChainListener,
  pause: Pause = pauseEvery(STATUS_INTERVAL),
): ChainReporter {
  let lastSaved = performance.now()
  let savingInterval = snapshotMilliseconds
  let hasNews = false
  let room: Promise<void> | undefined

  function save(): void {
    if (!onSnapshot) return
    const start = performance.now()
    onSnapshot(chain.snapshot())
    lastSaved = performance.now()
    savingInterval = Math.max(snapshotMilliseconds, (lastSaved - start) / LARGEST_SAVING_SHARE)
    hasNews = false
  }

  /** A chain that has run for a moment only since it was saved has little to lose at the end of its warmup. */
  function isSavingDue(step: IteratorResult<ChainStatus, ChainResult>): boolean {
    if (step.done) return hasNews
    return performance.now() - lastSaved >= (isPhaseEnd(step.value) ? savingInterval / 10 : savingInterval)
  }

  return {
    get room() {
      return room
    },
    after(step) {
      if (!step.done) hasNews = true
      const piece = chain.takePiece()
      room = piece && onPiece?.(piece)
      if (onSnapshot && isSavingDue(step)) save()
      if (step.done) return false
      const isDue = pause.isDue()
      if (isDue || isPhaseEnd(step.value)) onStatus(step.value)
      if (isDue) pause.restart()
      return isDue
    },
    save,
  }
}

const isPhaseEnd = ({ iteration, total }: ChainStatus): boolean => iteration === total
