/** One data set: fit a first-stage model as an analysis would by default, and see whether its intervals hold the true effects of the patients. */
import { diagnose } from '../../../diagnostics/convergence/diagnose.js'
import type { Fit } from '../../../src/contract/analysis.js'
import type { FirstStageModel } from '../../../src/contract/first-stage-model.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { approximateOrSample } from '../../../src/fitting/approximate-or-sample.js'
import { chainLengths } from '../../../src/fitting/chain-lengths.js'
import { exactFit } from '../../../src/fitting/exact-fit.js'
import { fitConditioned } from '../../../src/fitting/fit.js'
import { conditionOnBestEngine } from '../../../src/language/condition-on-best-engine.js'
import { stream } from '../../../src/random/stream.js'
import { simulatedTrial, type TrialSize } from './truths.js'

export interface CoverageRecord {
  readonly replicate: number
  readonly truth: string
  /** Share of patients whose true effect is in their 95% interval. */
  readonly coverage: number
  /** Mean width of the intervals, in standard deviations of the outcome. */
  readonly width: number
  readonly medianAbsoluteError: number
  readonly diagnosis: 'passed' | 'failed'
  /** Of residual standard deviation, log likelihood and effects, where they are judged. */
  readonly largestRhat: number | null
  readonly smallestEss: number | null
  readonly gradientCount: number
  readonly seconds: number
}

export interface CoverageSettings extends TrialSize {
  readonly seed: number
  readonly options: Readonly<Record<string, unknown>>
  readonly warmup: number | undefined
  readonly draws: number | undefined
}

const MAXIMUM_TREE_DEPTH = 10
/** People whose effects are diagnosed. */
const PROFILES = 8

export async function coverageReplicate(
  model: FirstStageModel,
  replicate: number,
  settings: CoverageSettings,
): Promise<CoverageRecord> {
  const { truth, trial, effects } = simulatedTrial(settings.seed, replicate, settings)
  const options = model.parseOptions(settings.options)
  const fit = await fitTrial(model, options, trial, replicate, settings)
  const judged = fit.algorithm ? fit.diagnosis : identifiedDiagnosis(model, options, trial, fit)
  const people = trial.covariates
  const predicted = model
    .effects(fit.draws, trial, options)
    .predict(people, effects.length, stream(settings.seed, 'interval coverage effects', replicate))
  const finite = (values: readonly number[]) => values.filter(Number.isFinite)
  const rhats = finite(judged.summary.map(({ rhat }) => rhat))
  const sizes = finite(judged.summary.flatMap(({ essBulk, essTail }) => [essBulk, essTail]))
  return {
    replicate,
    truth,
    ...intervalSummary(predicted, effects),
    diagnosis: judged.status,
    largestRhat: rhats.length > 0 ? Math.max(...rhats) : null,
    smallestEss: sizes.length > 0 ? Math.min(...sizes) : null,
    gradientCount: fit.gradientCount,
    seconds: fit.seconds,
  }
}

async function fitTrial(
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  replicate: number,
  given: CoverageSettings,
): Promise<Fit> {
  const seed = given.seed + replicate
  const suggested = model.sampling?.(options, trial.outcome.length)
  const lengths = chainLengths(given, suggested)
  const exact = exactFit(model, trial, options, { seed, ...lengths })
  if (exact) return exact
  const { model: probabilistic, data } = model.condition(trial, options)
  const conditioned = await conditionOnBestEngine(probabilistic, data)
  const targetAcceptance = model.targetAcceptance(options)
  const sampled = () =>
    fitConditioned(conditioned, {
      seed,
      ...lengths,
      ...(suggested?.algorithm && { algorithm: suggested.algorithm }),
      ...(suggested?.start && { start: suggested.start }),
      ...(suggested?.climb && { climb: true }),
      targetAcceptance,
      maximumTreeDepth: MAXIMUM_TREE_DEPTH,
      workers: 0,
    })
  const approximation = model.approximation?.(options)
  return approximation ? approximateOrSample(conditioned, { seed, ...approximation }, sampled) : sampled()
}

function identifiedDiagnosis(model: FirstStageModel, options: unknown, trial: TrialDesign, fit: Fit) {
  if (!model.identified) return fit.diagnosis
  const names = Array.from({ length: PROFILES }, (_, person) => `${person + 1}`)
  const modifiers = trial.covariates.slice(0, PROFILES * trial.columns.length)
  return diagnose(model.identified(fit.draws, trial, options, { names, modifiers }), fit.sampler, {
    maximumTreeDepth: MAXIMUM_TREE_DEPTH,
  })
}

/**
 * @param predicted draws of effects, `[draw, person]`
 * @param effects the true ones, `[person]`
 */
export function intervalSummary(
  predicted: Float64Array,
  effects: Float64Array,
): Pick<CoverageRecord, 'coverage' | 'width' | 'medianAbsoluteError'> {
  const count = effects.length
  const drawCount = predicted.length / count
  const each = Array.from(effects, (effect, person) => {
    const draws = Float64Array.from({ length: drawCount }, (_, draw) => predicted[draw * count + person]).sort()
    const [lower, upper] = [0.025, 0.975].map((probability) => quantile(draws, probability))
    const mean = draws.reduce((sum, value) => sum + value, 0) / drawCount
    return { isCovered: lower <= effect && effect <= upper ? 1 : 0, width: upper - lower, error: Math.abs(mean - effect) }
  })
  const average = (of: (one: (typeof each)[number]) => number) => each.reduce((sum, one) => sum + of(one), 0) / count
  return {
    coverage: average(({ isCovered }) => isCovered),
    width: average(({ width }) => width),
    medianAbsoluteError: quantile(Float64Array.from(each, ({ error }) => error).sort(), 0.5),
  }
}

/** Of sorted values, by linear interpolation. */
function quantile(sorted: Float64Array, probability: number): number {
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
