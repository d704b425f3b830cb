import { diagnoseApproximation } from '../diagnostics/convergence/diagnose-approximation.js'
import { chainStream } from './chain-task.js'
import type { ApproximationAlgorithm, Fit } from './contract/analysis.js'
import type { Prior } from './contract/distribution.js'
import type { Model } from './contract/model.js'
import type { Draws } from './draws/draws.js'
import { UsageError } from './errors/usage-error.js'
import { type ImportanceSample, importanceResample } from './importance-resample.js'
import type { ApproximationResult } from './inference/approximation/approximation.js'
import { fullRank } from './inference/full-rank.js'
import { laplace } from './inference/laplace.js'
import { meanField } from './inference/mean-field.js'
import { type PathfinderJob, pathfinder } from './inference/pathfinder.js'
import type { ConditionedModel } from './language/condition.js'
import { conditionOnBestEngine } from './language/condition-on-best-engine.js'

export interface ApproximateSettings {
  readonly algorithm: ApproximationAlgorithm
  readonly seed: number
  /** 1000 when left out. */
  readonly draws?: number
  /** Draws of the approximation that are weighed, for models that are dear to evaluate; by default at least 4 for each draw, and up to 20,000 when k-hat is in doubt. */
  readonly proposals?: number
  /** Starts of Pathfinder; 4 when left out. */
  readonly paths?: number
  /** Part of the key of the random streams, so that the fits of one analysis are independent. */
  readonly purpose?: string
  readonly study?: string
  /** Throw instead of falling back to a slower engine. */
  readonly strict?: boolean
}

const algorithms: Record<ApproximationAlgorithm, (job: PathfinderJob) => ApproximationResult> = {
  laplace,
  'mean-field': meanField,
  'full-rank': fullRank,
  pathfinder,
}

/**
 * Approximates the posterior of a model given data by a normal distribution on the unconstrained scale, or a mixture of them, and improves the
 * draws by importance resampling, because a good k-hat vouches for weighted draws, not for the approximation as it is (Yao, Vehtari, Simpson and Gelman 2018,
 * arXiv 1802.02538). Where k-hat is not good the diagnosis fails: the draws must not be relied on.
 *
 * @throws ModelError when the model cannot be compiled; RunError when no starting point, mode or approximation is found, as when the posterior is improper;
 *   UsageError for settings out of range.
 */
export async function approximate<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  settings: ApproximateSettings,
): Promise<Fit> {
  return approximateConditioned(await conditionOnBestEngine(model, data, { strict: settings.strict === true }), settings)
}

/** The same for a model that is already conditioned on its data. */
export function approximateConditioned(conditioned: ConditionedModel, settings: ApproximateSettings): Fit {
  const { algorithm, seed, draws: drawCount = 1000, paths = 4, purpose = conditioned.name, study = '' } = settings
  checkSettings(algorithm, drawCount, paths)
  const start = performance.now()
  const { logDensity, describe } = conditioned
  const streamFor = (what: string, index: number) => chainStream({ seed, purpose, study }, what, index)
  const result = algorithms[algorithm]({ logDensity, propose: conditioned.propose, describe, streamFor, pathCount: paths })
  const streams = { proposals: streamFor('approximation', 0), resampling: streamFor('resampling', 0) }
  const sample = importanceResample(streams, result.approximation, logDensity, drawCount, settings.proposals)
  const draws = conditioned.draws(sample.positions, 1, (chain) => streamFor('generate', chain))
  return {
    modelName: conditioned.name,
    algorithm,
    draws,
    sampler: samplerDraws(sample),
    diagnosis: diagnoseApproximation(draws, { ...sample, doubts: result.doubts }),
    engine: conditioned.engine,
    settings: { chains: 1, warmup: 0, draws: drawCount, targetAcceptance: 0, maximumTreeDepth: 0 },
    gradientCount: result.gradientCount + sample.gradientCount,
    seconds: (performance.now() - start) / 1000,
  }
}

function samplerDraws({ logDensity, logApproximation }: ImportanceSample): Draws {
  return {
    chainCount: 1,
    drawCount: logDensity.length,
    variables: [
      { name: 'log_density', dimensions: [], values: logDensity },
      { name: 'log_approximation', dimensions: [], values: logApproximation },
    ],
  }
}

function checkSettings(algorithm: string, drawCount: number, paths: number): void {
  const names = Object.keys(algorithms)
  if (!names.includes(algorithm))
    throw new UsageError({ problem: `there is no algorithm "${algorithm}"`, remedy: `Choose one of ${names.join(', ')}.` })
  for (const [name, value, least] of [
    ['draws', drawCount, 10],
    ['paths', paths, 1],
  ] as const)
    if (!(Number.isSafeInteger(value) && value >= least))
      throw new UsageError({ problem: `${name} is ${value}`, remedy: `Give an integer of at least ${least}.` })
}
