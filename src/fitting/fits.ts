import type { CheckpointEvent, CheckpointSettings } from '../checkpoint/chain-checkpoints.js'
import type { CheckpointIdentity } from '../checkpoint/checkpoint-bytes.js'
import { partOfStore } from '../checkpoint/checkpoint-store.js'
import type { Fit } from '../contract/analysis.js'
import type { LargeDraws } from '../draws/stored/growing-bytes.js'
import { type CheckedComputations, checkedComputations } from '../engine/checked-computations.js'
import type { ConditionedModel } from '../language/condition.js'
import { type ChainPool, type PoolSettings, withChainPool } from './chain-pool.js'
import { type FitContext, fitOn } from './fit.js'

/** The fits of one analysis: they run on one pool and are saved in one store. */
export interface Fits {
  /** How many should be at work at a time: one more than there are threads, so that none waits and few models are in memory. */
  limit(): number
  /** Models of theirs that differ in data alone are compared with tfjs once. */
  readonly known: CheckedComputations
  /** @param key under which the fit is saved; letters, digits and `-` */
  run(conditioned: ConditionedModel, key: string, context: FitsContext): Promise<Fit>
}

export interface FitsContext extends Omit<FitContext, 'checkpoint' | 'signal' | 'identity'> {
  readonly onCheckpoint?: (event: CheckpointEvent) => void
}

export interface FitsSettings extends PoolSettings {
  readonly largeDraws?: LargeDraws
  readonly checkpoint?: CheckpointSettings
}

/**
 * Does work that fits several models. Settles when every fit has ended and all that should be saved is.
 * @param identity what must be the same for a checkpoint to be used, besides what each fit knows
 */
export async function withFits<Result>(
  { workers, signal, checkpoint, largeDraws }: FitsSettings,
  identity: CheckpointIdentity,
  work: (fits: Fits) => Promise<Result>,
): Promise<Result> {
  const begun: Promise<Fit>[] = []
  const known = checkedComputations()
  const fitsOn = (pool: ChainPool | undefined): Fits => ({
    known,
    limit: () => (pool?.isWanted ? pool.workerCount + 1 : 1),
    run(conditioned, key, { onCheckpoint, ...context }) {
      const onEvent = (event: CheckpointEvent) => {
        checkpoint?.onEvent?.(event)
        onCheckpoint?.(event)
      }
      const saving = checkpoint && { checkpoint: { ...checkpoint, store: partOfStore(checkpoint.store, key), onEvent } }
      const large = largeDraws && { largeDraws: { ...largeDraws, open: (name: string) => largeDraws.open(`${key}/${name}`) } }
      const fit = fitOn(pool, conditioned, { ...context, ...saving, ...large, identity, ...(signal ? { signal } : {}) })
      begun.push(fit)
      return fit
    },
  })
  try {
    return await withChainPool({ workers, signal }, (pool) => work(fitsOn(pool)))
  } finally {
    await Promise.allSettled(begun)
  }
}
