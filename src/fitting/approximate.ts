import { diagnoseApproximation } from '../../diagnostics/convergence/diagnose-approximation.js'
import type { ApproximationAlgorithm, Fit } from '../contract/analysis.js'
import type { Prior } from '../contract/distribution.js'
import type { LogDensity } from '../contract/log-density.js'
import type { Model } from '../contract/model.js'
import { isStochastic, type StochasticLogDensity } from '../contract/stochastic-log-density.js'
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import { UsageError } from '../errors/usage-error.js'
import type { ApproximationResult } from '../inference/approximation/approximation.js'
import { counted, withBatches } from '../inference/approximation/counted.js'
import { driveSteps } from '../inference/approximation/drive.js'
import type { ApproximationStatus, Steps } from '../inference/approximation/steps.js'
import { fullRank } from '../inference/full-rank.js'
import { laplace } from '../inference/laplace.js'
import { meanField } from '../inference/mean-field.js'
import { type PathfinderJob, pathfinder } from '../inference/pathfinder.js'
import { createClock } from '../inference/timing.js'
import type { ConditionedModel } from '../language/condition.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'
import { printedFit } from '../printed.js'
import { type ChainStart, proposalOf } from './chain-start.js'
import { chainStream } from './chain-task.js'
import { type ImportanceSample, importanceResample } from './importance-resample.js'
import { minibatches } from './minibatches.js'

/** How an approximation stands; there is no telling how long it will take. */
export interface ApproximationProgress extends ApproximationStatus {
  readonly phase: 'approximation'
  readonly algorithm: ApproximationAlgorithm
  readonly gradientCount: number
  readonly secondsElapsed: number
}

export interface ApproximateSettings {
  readonly algorithm: ApproximationAlgorithm
  readonly seed: number
  /** 1000 when left out. */
  readonly draws?: number
  /** Draws of the approximation that are weighed, for models that are dear to evaluate; by default at least 4 for each draw, and up to 20,000 when k-hat is in doubt. */
  readonly proposals?: number
  /** Starts of Pathfinder; 4 when left out. */
  readonly paths?: number
  /** Where climbs start, as for `fit`. */
  readonly start?: ChainStart
  /**
   * Observations of which each step of `mean-field` or `full-rank` sees a fresh random part, for data so large that this is cheaper: the cost of a step does not
   * grow with them. Weights, k-hat and effective sample sizes are those of all data, for `proposals` draws, by default 4 for each draw. For models
   * whose observations are independent given the parameters.
   */
  readonly minibatch?: number
  /** Part of the key of the random streams, so that the fits of one analysis are independent. */
  readonly purpose?: string
  readonly study?: string
  /** Throw instead of falling back to a slower engine. */
  readonly strict?: boolean
  /** About 20 times a second. */
  readonly onProgress?: (progress: ApproximationProgress) => void
  /** Heeded between iterations. */
  readonly signal?: AbortSignal
}

const DRAWS = 1000
const PROPOSALS_PER_DRAW = 4

const algorithms: Record<ApproximationAlgorithm, (job: PathfinderJob) => Steps<ApproximationResult>> = {
  laplace,
  'mean-field': meanField,
  'full-rank': fullRank,
  pathfinder,
}

/**
 * Approximates the posterior of a model given data by a normal distribution on the unconstrained scale, or a mixture of them, and improves the
 * draws by importance resampling, because a good k-hat vouches for weighted draws, not for the approximation as it is (Yao, Vehtari, Simpson and Gelman 2018,
 * arXiv 1802.02538). Where k-hat is not good the diagnosis fails: the draws must not be relied on. Runs in this thread and gives the event loop a turn now and then.
 *
 * @throws ModelError when the model cannot be compiled; RunError when no starting point, mode or approximation is found, as when the posterior is improper;
 *   UsageError for settings out of range, and for minibatches of a model that does not allow them; the signal's reason when aborted.
 * @example
 * ```ts
 * import { approximate, model, normal, normalLogProbability } from 'poolite'
 *
 * const mean = model({
 *   name: 'mean',
 *   parameters: (_: { y: number[] }) => ({ mu: normal(0, 1) }),
 *   logLikelihood: ({ mu }, { y }) => normalLogProbability(y, mu, 1),
 * })
 * // normal given normal: the approximation is exact, with mean sum(y) / (n + 1)
 * const { diagnosis } = await approximate(mean, { y: [1, 2, 3] }, { algorithm: 'laplace', seed: 1 })
 * diagnosis.status // => passed
 * ```
 */
export async function approximate<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  settings: ApproximateSettings,
): Promise<Fit> {
  const conditioned = await conditionOnBestEngine(model, data, { strict: settings.strict === true })
  const { minibatch, draws = DRAWS, proposals = PROPOSALS_PER_DRAW * draws } = settings
  if (minibatch === undefined) return approximateConditioned(conditioned, settings)
  checkSettings(settings)
  const { seed, purpose = conditioned.name, study = '' } = settings
  const batches = minibatches(model, data, conditioned, minibatch, chainStream({ seed, purpose, study }, 'minibatch', 0))
  return approximateWith(conditioned, batches, { ...settings, proposals })
}

/** The same for a model that is already conditioned on its data. */
export async function approximateConditioned(
  conditioned: ConditionedModel,
  settings: Omit<ApproximateSettings, 'minibatch'>,
): Promise<Fit> {
  return approximateWith(conditioned, conditioned.logDensity, settings)
}

/** @param searched what the approximation is fitted to: the log density, or estimates of it; draws are always weighed by the log density */
async function approximateWith(
  conditioned: ConditionedModel,
  searched: LogDensity | StochasticLogDensity,
  settings: ApproximateSettings,
): Promise<Fit> {
  const { algorithm, seed, draws: drawCount = DRAWS, purpose = conditioned.name, study = '' } = settings
  checkSettings(settings)
  const clock = createClock()
  clock.start()
  const streamFor = (what: string, index: number) => chainStream({ seed, purpose, study }, what, index)
  const search = isStochastic(searched) ? withBatches(counted(searched), searched) : counted(searched)
  const weighed = counted(conditioned.logDensity)
  const { sample, doubts } = await driveSteps(searchAndWeigh(conditioned, search, weighed, settings, streamFor), {
    signal: settings.signal,
    onStatus: (status) =>
      settings.onProgress?.({
        phase: 'approximation',
        algorithm,
        ...status,
        gradientCount: search.count + weighed.count,
        secondsElapsed: clock.seconds(),
      }),
  })
  const { paretoK, effectiveSampleSize, proposalCount } = sample
  const record = { paretoK, effectiveSampleSize, proposalCount, doubts }
  const draws = conditioned.draws(sample.positions, 1, (chain) => streamFor('generate', chain))
  return printedFit({
    modelName: conditioned.name,
    algorithm,
    approximation: record,
    draws,
    sampler: samplerDraws(sample),
    diagnosis: diagnoseApproximation(draws, sample.proposals, record),
    engine: conditioned.engine,
    settings: { chains: 1, warmup: 0, draws: drawCount, targetAcceptance: 0, maximumTreeDepth: 0 },
    gradientCount: search.count + weighed.count,
    seconds: clock.seconds(),
  })
}

function* searchAndWeigh(
  conditioned: ConditionedModel,
  search: LogDensity | StochasticLogDensity,
  weighed: LogDensity,
  { algorithm, draws = DRAWS, paths: pathCount = 4, proposals, start }: ApproximateSettings,
  streamFor: (what: string, index: number) => Stream,
): Steps<{ readonly sample: ImportanceSample; readonly doubts: readonly string[] }> {
  const { describe } = conditioned
  const propose = proposalOf(conditioned, start)
  const { approximation, doubts } = yield* algorithms[algorithm]({ logDensity: search, propose, describe, streamFor, pathCount })
  const streams = { proposals: streamFor('approximation', 0), resampling: streamFor('resampling', 0) }
  return { sample: yield* importanceResample(streams, approximation, weighed, draws, proposals), doubts }
}

function samplerDraws({ logDensity, logApproximation, proposals }: ImportanceSample): Draws {
  return {
    chainCount: 1,
    drawCount: logDensity.length,
    variables: [
      { name: 'log_density', dimensions: [], values: logDensity },
      { name: 'log_approximation', dimensions: [], values: logApproximation },
      { name: 'proposal', dimensions: [], values: proposals },
    ],
  }
}

function checkSettings({ algorithm, draws = DRAWS, paths = 4, start, minibatch }: ApproximateSettings): void {
  const names = Object.keys(algorithms)
  if (!names.includes(algorithm))
    throw new UsageError({ problem: `there is no algorithm "${algorithm}"`, remedy: `Choose one of ${names.join(', ')}.` })
  for (const [name, value, least] of [
    ['draws', draws, 10],
    ['paths', paths, 1],
  ] as const)
    if (!(Number.isSafeInteger(value) && value >= least))
      throw new UsageError({ problem: `${name} is ${value}`, remedy: `Give an integer of at least ${least}.` })
  if (minibatch !== undefined && algorithm !== 'mean-field' && algorithm !== 'full-rank')
    throw new UsageError({
      problem: `minibatch does not go with ${algorithm}`,
      reason: 'it needs the log density itself, not an estimate of it',
      remedy: 'Leave it out, or use mean-field or full-rank.',
    })
  if (start === 'zero' && algorithm !== 'laplace')
    throw new UsageError({
      problem: `start "zero" does not go with ${algorithm}`,
      reason: 'it climbs from several starts to see whether they lead to the same place, and these would all be one',
      remedy: 'Leave `start` out, or give "prior" or positions.',
    })
}
