import { diagnose } from '../diagnostics/convergence/diagnose.js'
import { type ChainPool, withChainPool } from './chain-pool.js'
import { type ChainTask, chainStream, type StreamKey } from './chain-task.js'
import type { Fit, SamplingSettings } from './contract/analysis.js'
import type { Prior } from './contract/distribution.js'
import type { Model } from './contract/model.js'
import { type ChainProgress, type ChainRunner, type ChainsJob, runChains } from './inference/run-chains.js'
import { type ConditionedModel, condition } from './language/condition.js'

/** Settings left out take Stan's defaults: 4 chains, 1000 warmup, 1000 draws, target acceptance 0.8, tree depth 10. */
export interface FitSettings extends Partial<SamplingSettings> {
  readonly seed: number
  /** Part of the key of the random streams, so that the fits of one analysis are independent. */
  readonly purpose?: string
  readonly study?: string
  /** Throw instead of falling back to a slower engine. */
  readonly strict?: boolean
  /** Threads that run chains, at most one per chain; 0, the default, keeps them in this thread. The draws are the same. */
  readonly workers?: number
  readonly onProgress?: (progress: ChainProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Samples the posterior of a model given data by NUTS and diagnoses the draws. Draws depend only on model, data, settings and seed; chain c
 * gives the same draws whichever other chains run.
 *
 * @throws ModelError when the model cannot be compiled, RunError when no starting point is found or a worker thread dies, and the signal's
 *   reason when aborted.
 */
export async function fit<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  settings: FitSettings,
): Promise<Fit> {
  return fitConditioned(condition(model, data, { strict: settings.strict === true }), settings)
}

/** The same for a model that is already conditioned on its data. */
export function fitConditioned(conditioned: ConditionedModel, settings: FitSettings): Promise<Fit> {
  return withChainPool({ workers: settings.workers ?? 0, signal: settings.signal }, (pool) => fitOn(pool, conditioned, settings))
}

/** The same on a pool that others may use too; then it is the pool that heeds the signal. */
export async function fitOn(
  pool: ChainPool | undefined,
  conditioned: ConditionedModel,
  settings: Omit<FitSettings, 'workers'>,
): Promise<Fit> {
  const { seed, purpose = conditioned.name, study = '' } = settings
  const used = withDefaults(settings)
  const { chains: chainCount, maximumTreeDepth } = used
  const streams = { seed, purpose, study }
  const signal = pool?.signal ?? settings.signal
  const job: ChainsJob = {
    logDensity: conditioned.logDensity,
    propose: conditioned.propose,
    describe: conditioned.describe,
    streamFor: (what, chain) => chainStream(streams, what, chain),
    settings: { ...used, chainCount, warmupCount: used.warmup, drawCount: used.draws },
    ...(settings.onProgress ? { onProgress: settings.onProgress } : {}),
    ...(signal ? { signal } : {}),
  }
  const runElsewhere = pool && runnerOn(pool, conditioned, streams, job.settings)
  const result = await runChains(runElsewhere ? { ...job, runElsewhere } : job)
  const draws = conditioned.draws(result.positions, chainCount, (chain) => chainStream(streams, 'generate', chain))
  return {
    modelName: conditioned.name,
    draws,
    sampler: result.sampler,
    diagnosis: diagnose(draws, result.sampler, { maximumTreeDepth }),
    engine: conditioned.engine,
    settings: used,
    gradientCount: result.gradientCount,
    seconds: result.seconds,
  }
}

/** None for a log density that only this thread can evaluate. */
function runnerOn(
  pool: ChainPool,
  { name, portable }: ConditionedModel,
  streams: StreamKey,
  settings: ChainTask['settings'],
): ChainRunner | undefined {
  const subject = streams.study === '' ? `model "${name}"` : `trial "${streams.study}"`
  return (
    portable && ((chain, start, hooks) => pool.run({ subject, chain, logDensity: portable, start, streams, settings }, hooks))
  )
}

function withDefaults({
  chains = 4,
  warmup = 1000,
  draws = 1000,
  targetAcceptance = 0.8,
  maximumTreeDepth = 10,
}: FitSettings): SamplingSettings {
  return { chains, warmup, draws, targetAcceptance, maximumTreeDepth }
}
