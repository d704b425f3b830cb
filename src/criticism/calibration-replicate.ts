import type { CalibrationRecord } from '../../diagnostics/predictive/calibration/calibration-test.js'
import type { Fit } from '../contract/analysis.js'
import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { Draws } from '../draws/draws.js'
import { scalars } from '../draws/scalars.js'
import { programCache } from '../engine/program-cache.js'
import { RunError } from '../errors/run-error.js'
import { UsageError } from '../errors/usage-error.js'
import { fitConditioned } from '../fitting/fit.js'
import type { ConditionedModel } from '../language/condition.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'
import { type PriorSampler, priorSampler } from '../language/prior-sampler.js'
import { stream } from '../random/stream.js'
import {
  calibrationQuantities,
  leastEffectiveSampleSize,
  type QuantityDraws,
  ranksOf,
  type TestQuantities,
} from './calibration-quantities.js'

/** What is calibrated: a model with data of which the outcome is replaced, and covariates, sizes and known variances stay. */
export interface CalibrationSubject<Data, Parameters extends Record<string, Prior>> {
  readonly model: Model<Data, Parameters>
  readonly data: Data
  /** The model that is fitted, when other than the one that makes the data: to see how a wrong assumption shows. */
  readonly fitted?: Model<Data, Parameters>
  /** Names of scalars whose sign neither likelihood nor prior sees: they are ranked by their size, since a chain that stays on one side has found all there is. */
  readonly isSignless?: (name: string) => boolean
}

/** Computes one posterior: at least `drawCount` draws, dependent or not, of one chain or several. */
export type CalibrationAlgorithm = (
  conditioned: ConditionedModel,
  request: { readonly seed: number; readonly purpose: string; readonly drawCount: number },
) => Promise<Pick<Fit, 'draws'> & Partial<Pick<Fit, 'sampler'>>>

export interface ReplicateSettings {
  readonly seed: number
  /** Draws among which the truth is ranked, 63 by default; a power of 2 less one divides into equal bins. */
  readonly rankedDraws?: number
  readonly algorithm?: CalibrationAlgorithm
  /** Beside all parameters and the log likelihood. */
  readonly quantities?: TestQuantities
}

export const defaultRankedDraws = 63
/** Enough for most posteriors at the first attempt. */
const drawsPerRankedDraw = 4
/** The draws are doubled up to so many times while the effective sample size is below the number of ranked draws. */
const largestDoubling = 3

/**
 * NUTS with one chain, since convergence is judged by the ranks of many posteriors, and short steps, since some of these are
 * awkward.
 */
export const calibrateNuts: CalibrationAlgorithm = (conditioned, { seed, purpose, drawCount }) =>
  fitConditioned(conditioned, { seed, purpose, chains: 1, warmup: 300, draws: drawCount, targetAcceptance: 0.9 })

/** One replicate, the same whichever others are carried out. */
export type RunReplicate = (replicate: number) => Promise<CalibrationRecord>

/**
 * A function that carries out one replicate: parameters from the prior, an outcome from them, a posterior from the outcome, and
 * the ranks of the parameters among draws spread evenly over the posterior's. Draws are taken until their effective sample size
 * is the number of ranked ones.
 * @throws UsageError when a prior is improper, or the model has no `simulate` or no `withOutcome`.
 */
export function planCalibration<Data, Parameters extends Record<string, Prior>>(
  { model, data, fitted = model, isSignless = () => false }: CalibrationSubject<Data, Parameters>,
  { seed, rankedDraws = defaultRankedDraws, algorithm = calibrateNuts, quantities: further }: ReplicateSettings,
): RunReplicate {
  const { simulate, withOutcome } = requireSimulator(model)
  const sampler = priorSampler(model, data)
  const constant = constantQuantities(sampler, seed)
  const cache = programCache()
  return async (replicate) => {
    const start = performance.now()
    const truth = sampler.draw(stream(seed, 'calibration', 'prior', replicate))
    const replicated = withOutcome(data, simulate(stream(seed, 'calibration', 'outcome', replicate), truth, data))
    const conditioned = await conditionOnBestEngine(fitted, replicated, { cache })
    const attempt = async (drawCount: number) => {
      const { draws, sampler: record } = await algorithm(conditioned, { seed, purpose: `calibration ${replicate}`, drawCount })
      const all = calibrationQuantities(fitted, replicated, sampler.collect([truth]), draws, { further, cache })
      const quantities = all
        .filter(({ name }) => !constant.has(name))
        .map((quantity) => (isSignless(quantity.name) ? sizeOf(quantity) : quantity))
      return { quantities, effectiveSampleSize: leastEffectiveSampleSize(quantities), divergences: countDivergences(record) }
    }
    const outcome = await untilEffective(attempt, rankedDraws)
    const seconds = (performance.now() - start) / 1000
    if ('failure' in outcome) return { replicate, ranks: {}, effectiveSampleSize: 0, divergences: 0, seconds, ...outcome }
    const { quantities, ...rest } = outcome
    return {
      replicate,
      ranks: ranksOf(stream(seed, 'calibration', 'ties', replicate), quantities, rankedDraws),
      ...rest,
      seconds,
    }
  }
}

const sizeOf = ({ name, truth, chains }: QuantityDraws): QuantityDraws => ({
  name,
  truth: Math.abs(truth),
  chains: chains.map((values) => values.map(Math.abs)),
})

interface Attempt {
  readonly quantities: readonly QuantityDraws[]
  readonly effectiveSampleSize: number
  readonly divergences: number
}

/** A fit that cannot be carried out is part of the record; anything else is a mistake and stops the calibration. */
async function untilEffective(
  attempt: (drawCount: number) => Promise<Attempt>,
  rankedDraws: number,
): Promise<Attempt | { failure: string }> {
  try {
    for (let doubling = 0; ; doubling++) {
      const made = await attempt(drawsPerRankedDraw * (rankedDraws + 1) * 2 ** doubling)
      if (made.effectiveSampleSize >= rankedDraws || doubling === largestDoubling) return made
    }
  } catch (error) {
    if (error instanceof RunError) return { failure: error.message }
    throw error
  }
}

function requireSimulator<Data, Parameters extends Record<string, Prior>>(model: Model<Data, Parameters>) {
  const { simulate, withOutcome } = model
  if (simulate && withOutcome) return { simulate, withOutcome }
  throw new UsageError({
    problem: `model "${model.name}" has no ${simulate ? 'withOutcome' : 'simulate'}`,
    reason: 'calibration replaces the outcome by a simulated one',
    remedy:
      'Add simulate(stream, parameters, data), which gives an outcome, and withOutcome(data, outcome), which puts it into the data.',
  })
}

/** Such as the diagonal of a correlation matrix: the same in a few draws from the prior. */
function constantQuantities<Parameters extends Record<string, Prior>>(
  sampler: PriorSampler<Parameters>,
  seed: number,
): Set<string> {
  const source = stream(seed, 'calibration', 'constant')
  const draws = sampler.collect(Array.from({ length: 4 }, () => sampler.draw(source)))
  return new Set(scalars(draws).flatMap(({ name, chains }) => (chains[0].every((value) => value === chains[0][0]) ? [name] : [])))
}

function countDivergences(sampler: Draws | undefined): number {
  const found = sampler?.variables.find(({ name }) => name === 'divergent')
  return found ? found.values.reduce((sum, value) => sum + value, 0) : 0
}
