import { basename } from 'node:path'
import { protocolHash } from '../data/protocol-hash.js'
import { UsageError } from '../errors/usage-error.js'
import { version } from '../version.js'
import type { LoadedProtocol, LoadedTable } from './load-inputs.js'
import { openUnfinishedRun, type UnfinishedOptions, type UnfinishedRun } from './unfinished-run.js'

/** What a verb with checkpoints is asked to do with those that are there, and whether to write any. */
export interface CheckpointOptions extends UnfinishedOptions {
  /** Seconds; 0 for no checkpoints. */
  readonly checkpointEvery: number
}

/** @throws UsageError for wishes that contradict each other */
export function requireOneWish({ resume, discardPartial, checkpointEvery }: CheckpointOptions): void {
  if (resume && discardPartial)
    throw new UsageError({
      problem: '--resume and --discard-partial contradict each other',
      remedy: 'Give --resume to go on with an unfinished run, or --discard-partial to delete it and start anew.',
    })
  if (resume && checkpointEvery === 0)
    throw new UsageError({
      problem: '--resume does not go with --checkpoint-every 0',
      reason: 'without checkpoints there is nothing to go on from',
      remedy: 'Leave one of them out.',
    })
}

/** The unfinished run beside the output folder, of this protocol and these data; none without checkpoints. @throws as `openUnfinishedRun` */
export async function openCheckpoints(
  dataPath: string,
  { hash: dataHash }: LoadedTable,
  { protocol }: LoadedProtocol,
  { out, resume = false, discardPartial = false, checkpointEvery }: CheckpointOptions & { readonly out: string },
): Promise<UnfinishedRun | undefined> {
  if (checkpointEvery === 0) return undefined
  const { seed } = protocol.inference
  const description = {
    poolite: version,
    protocolHash: await protocolHash(protocol),
    dataFile: basename(dataPath),
    dataHash,
    seed,
  }
  return openUnfinishedRun(out, description, { resume, discardPartial })
}
