import { diagnose } from '../../diagnostics/convergence/diagnose.js'
import { type ChainCheckpoints, type CheckpointSettings, openChainCheckpoints } from '../checkpoint/chain-checkpoints.js'
import type { CheckpointIdentity } from '../checkpoint/checkpoint-bytes.js'
import { verifyLogDensity } from '../checkpoint/verify-log-density.js'
import type { Fit, SamplingSettings } from '../contract/analysis.js'
import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { LargeDraws } from '../draws/stored/growing-bytes.js'
import { samplerVariables } from '../inference/chain-record.js'
import { inverseMetric } from '../inference/metric.js'
import {
  type ChainProgress,
  type ChainRunner,
  type ChainsJob,
  type EndedChains,
  runChainsInPieces,
} from '../inference/run-chains.js'
import type { WorkLeft } from '../inference/work-left.js'
import type { ConditionedModel } from '../language/condition.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'
import { printedFit } from '../printed.js'
import { version } from '../version.js'
import { usualLengths } from './chain-lengths.js'
import { type ChainPool, type Workers, withChainPool } from './chain-pool.js'
import { type ChainStart, proposalOf } from './chain-start.js'
import { type ChainTask, chainStream, type StreamKey } from './chain-task.js'
import { gatherDraws } from './gather-draws.js'

/**
 * Settings left out: 4 chains, 500 warmup transitions (1000 with `adaptation: 'stan'`; decision 0012), 1000 draws, target acceptance 0.8, tree depth 10.
 */
export interface FitSettings extends Partial<SamplingSettings> {
  readonly seed: number
  /** Part of the key of the random streams, so that the fits of one analysis are independent. */
  readonly purpose?: string
  readonly study?: string
  /** Throw instead of falling back to a slower engine. */
  readonly strict?: boolean
  /** `uniform` when left out. */
  readonly start?: ChainStart
  /**
   * Threads that run chains, at most one per chain; 0 keeps them in this thread. `auto`, the default, begins in this thread and moves to one thread
   * per processor when it turns out that this pays. The draws are the same.
   */
  readonly workers?: Workers
  /** Saves the chains while they run, and goes on from what is there. The draws are the same as without an interruption. */
  readonly checkpoint?: CheckpointSettings
  /** Where draws go that are too large for memory; the draws are the same. Together with `checkpoint`, memory does not grow with the number of draws. */
  readonly largeDraws?: LargeDraws
  readonly onProgress?: (progress: ChainProgress) => void
  /** With checkpoints, all chains are saved before the fit rejects. */
  readonly signal?: AbortSignal
}

/** What a fit has to know of the analysis that it is part of. */
export interface FitContext extends Omit<FitSettings, 'workers'> {
  /** Fits of about the same size that wait for this one. */
  readonly fitsAhead?: number
  /** What else must be the same for a checkpoint to be used. */
  readonly identity?: CheckpointIdentity
}

/**
 * Samples the posterior of a model given data by NUTS and diagnoses the draws. Draws depend only on model, data, settings and seed; chain c
 * gives the same draws whichever other chains run.
 *
 * @throws ModelError when the model cannot be compiled, RunError when no starting point is found or a worker thread dies, UsageError when a
 *   checkpoint is of another fit, what the checkpoint store throws, and the signal's reason when aborted.
 */
export async function fit<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  settings: FitSettings,
): Promise<Fit> {
  return fitConditioned(await conditionOnBestEngine(model, data, { strict: settings.strict === true }), settings)
}

/** The same for a model that is already conditioned on its data. */
export function fitConditioned(conditioned: ConditionedModel, settings: FitSettings): Promise<Fit> {
  const { workers, signal } = settings
  return withChainPool({ workers, signal }, (pool) => fitOn(pool, conditioned, settings))
}

/** The same on a pool that others may use too; then it is the pool that heeds the signal. */
export async function fitOn(pool: ChainPool | undefined, conditioned: ConditionedModel, context: FitContext): Promise<Fit> {
  const { seed, purpose = conditioned.name, study = '' } = context
  const used = withDefaults(context)
  const { chains: chainCount, maximumTreeDepth } = used
  const streams = { seed, purpose, study }
  const signal = pool?.signal ?? context.signal
  const job: ChainsJob = {
    logDensity: conditioned.logDensity,
    propose: proposalOf(conditioned, context.start),
    describe: conditioned.describe,
    streamFor: (what, chain) => chainStream(streams, what, chain),
    settings: { ...used, chainCount, warmupCount: used.warmup, drawCount: used.draws },
    ...(context.onProgress ? { onProgress: context.onProgress } : {}),
    ...(signal ? { signal } : {}),
  }
  const checkpoints =
    context.checkpoint && (await openCheckpoints(conditioned, streams, used, context.checkpoint, context.identity))
  const saved = checkpoints ? { ...job, ...checkpoints.hooks } : job
  const placed =
    pool && conditioned.portable ? { ...saved, ...placeOn(pool, conditioned, streams, saved.settings, context) } : saved
  const ended = await (checkpoints ? runSaved(placed, checkpoints) : runChainsInPieces(placed))
  const generator = (chain: number) => chainStream(streams, 'generate', chain)
  const { draws, sampler } = await gatherDraws(ended.chains, conditioned, generator, { ...context, piece: checkpoints?.piece })
  const { dimension } = conditioned.logDensity
  return printedFit({
    modelName: conditioned.name,
    draws,
    sampler,
    diagnosis: diagnose(draws, sampler, { maximumTreeDepth }),
    engine: conditioned.engine,
    settings: used,
    adaptation: ended.chains.map(({ adaptation: { stepSize, metric } }) => ({
      stepSize,
      metric: metric.kind,
      inverseMetric: inverseMetric(metric, dimension),
    })),
    chainSeconds: ended.chainSeconds,
    gradientCount: ended.chains.reduce((sum, { gradientCount }) => sum + gradientCount, 0),
    seconds: ended.seconds,
  })
}

/**
 * Milliseconds of work that are left when starting threads begins to pay: with two processors, what is left takes half the time, and a thread
 * takes some 70 to start and as much to warm up (measured). The estimate is high at first, while code is being compiled: four chains of M1 that take 400 in
 * this thread took 440 when 250 made them move.
 */
const WORK_WORTH_MOVING = 500

/** Where chains run besides this thread, and when they go there. */
function placeOn(
  pool: ChainPool,
  { name, portable: logDensity }: ConditionedModel,
  streams: StreamKey,
  settings: ChainTask['settings'] & { readonly chainCount: number },
  { fitsAhead = 0 }: FitContext,
): Pick<ChainsJob, 'runElsewhere' | 'isWorthMoving'> {
  const subject = subjectOf(name, streams)
  const runElsewhere: ChainRunner = (chain, start, hooks, saved) =>
    pool.run({ subject, chain, logDensity: logDensity!, start, saved, streams, settings }, hooks)
  if (pool.isWanted) return { runElsewhere }
  const { chainCount, warmupCount, drawCount, thin = 1 } = settings
  const transitionsAhead = fitsAhead * chainCount * (warmupCount + drawCount * thin)
  const isWorthMoving = (left: WorkLeft) =>
    pool.workerCount > 1 &&
    left.chainCount + fitsAhead * chainCount > 1 &&
    (pool.isWanted || left.milliseconds + transitionsAhead * left.millisecondsPerTransition > WORK_WORTH_MOVING)
  return { runElsewhere, isWorthMoving }
}

const subjectOf = (name: string, { study }: StreamKey): string => (study === '' ? `model "${name}"` : `trial "${study}"`)

/** Of draws, in a piece of a chain. */
const PIECE_BYTES = 2 ** 23

interface OpenCheckpoints extends ChainCheckpoints {
  readonly hooks: Pick<ChainsJob, 'savedChain' | 'snapshotMilliseconds' | 'onSnapshot' | 'onPiece' | 'settings'>
}

async function openCheckpoints(
  { name: model, engine, logDensity }: ConditionedModel,
  { seed, purpose, study }: StreamKey,
  used: SamplingSettings,
  checkpoint: CheckpointSettings,
  context: CheckpointIdentity = {},
): Promise<OpenCheckpoints> {
  const { chains: chainCount, draws: drawCount, trajectoryLength, climb, ...settings } = used
  const { pieceBytes = PIECE_BYTES, seconds = 5 } = checkpoint
  const pieceDraws = Math.max(1, Math.floor(pieceBytes / (8 * (logDensity.dimension + samplerVariables.length))))
  const identity = {
    poolite: version,
    ...context,
    model,
    purpose,
    study,
    seed,
    engine: engine.engine,
    pieceDraws,
    ...stated(settings),
    ...(trajectoryLength ?? {}),
    ...(climb && { climb: 1 }),
  }
  const subject = subjectOf(model, { seed, purpose, study })
  const checkpoints = await openChainCheckpoints(checkpoint, { subject, identity, chainCount, pieceDraws })
  for (let chain = 0; chain < chainCount; chain++) verifyLogDensity(checkpoints, chain, logDensity, engine)
  const { saved, save, savePiece } = checkpoints
  return {
    ...checkpoints,
    hooks: {
      settings: { ...used, chainCount, warmupCount: used.warmup, drawCount, pieceDraws },
      savedChain: saved,
      snapshotMilliseconds: 1000 * seconds,
      onSnapshot: save,
      onPiece: savePiece,
    },
  }
}

function stated(settings: Readonly<Record<string, string | number | undefined>>): CheckpointIdentity {
  return Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** Runs chains that are saved, and ends when saving fails. */
async function runSaved(job: ChainsJob, { failure, flush }: ChainCheckpoints): Promise<EndedChains> {
  const signal = job.signal ? AbortSignal.any([job.signal, failure]) : failure
  const failed = new Promise<never>((_, reject) =>
    failure.addEventListener('abort', () => reject(failure.reason), { once: true }),
  )
  try {
    return await Promise.race([runChainsInPieces({ ...job, signal }), failed])
  } finally {
    await flush()
  }
}

function withDefaults({
  chains = 4,
  warmup,
  draws,
  thin = 1,
  targetAcceptance = 0.8,
  maximumTreeDepth = 10,
  ...settings
}: FitSettings): SamplingSettings & { readonly thin: number } {
  const { algorithm, adaptation, metric, stepSizeJitter, trajectoryLength, climb } = settings
  const usual = usualLengths(adaptation)
  return {
    chains,
    warmup: warmup ?? usual.warmup,
    draws: draws ?? usual.draws,
    thin,
    targetAcceptance,
    maximumTreeDepth,
    ...(algorithm && { algorithm }),
    ...(adaptation && { adaptation }),
    ...(metric && { metric }),
    ...(stepSizeJitter && { stepSizeJitter }),
    ...(trajectoryLength && { trajectoryLength }),
    ...(climb && { climb }),
  }
}
