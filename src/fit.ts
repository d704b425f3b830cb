import { diagnose } from '../diagnostics/convergence/diagnose.js'
import type { Fit, SamplingSettings } from './contract/analysis.js'
import type { Prior } from './contract/distribution.js'
import type { Model } from './contract/model.js'
import { type ChainProgress, runChains } from './inference/run-chains.js'
import { type ConditionedModel, condition } from './language/condition.js'
import { stream } from './random/stream.js'

/** Settings left out take Stan's defaults: 4 chains, 1000 warmup, 1000 draws, target acceptance 0.8, tree depth 10. */
export interface FitSettings extends Partial<SamplingSettings> {
  readonly seed: number
  /** Part of the key of the random streams, so that the fits of one analysis are independent. */
  readonly purpose?: string
  readonly study?: string
  /** Throw instead of falling back to a slower engine. */
  readonly strict?: boolean
  readonly onProgress?: (progress: ChainProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Samples the posterior of a model given data by NUTS and diagnoses the draws. Draws depend only on model, data, settings and seed; chain c
 * gives the same draws whichever other chains run.
 *
 * @throws ModelError when the model cannot be compiled, RunError when no starting point is found, and the signal's reason when aborted.
 */
export async function fit<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  settings: FitSettings,
): Promise<Fit> {
  return fitConditioned(condition(model, data, { strict: settings.strict === true }), settings)
}

/** The same for a model that is already conditioned on its data. */
export async function fitConditioned(conditioned: ConditionedModel, settings: FitSettings): Promise<Fit> {
  const { seed, purpose = conditioned.name, study = '' } = settings
  const used = withDefaults(settings)
  const { chains: chainCount, maximumTreeDepth } = used
  const streamFor = (what: string, chain: number) => stream(seed, purpose, study, what, chain)
  const result = await runChains({
    logDensity: conditioned.logDensity,
    propose: conditioned.propose,
    describe: conditioned.describe,
    streamFor,
    settings: { ...used, chainCount, warmupCount: used.warmup, drawCount: used.draws },
    ...(settings.onProgress ? { onProgress: settings.onProgress } : {}),
    ...(settings.signal ? { signal: settings.signal } : {}),
  })
  const draws = conditioned.draws(result.positions, chainCount, (chain) => streamFor('generate', chain))
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

function withDefaults({
  chains = 4,
  warmup = 1000,
  draws = 1000,
  targetAcceptance = 0.8,
  maximumTreeDepth = 10,
}: FitSettings): SamplingSettings {
  return { chains, warmup, draws, targetAcceptance, maximumTreeDepth }
}
