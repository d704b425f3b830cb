import { normalQuantile } from '../../src/numeric/normal-quantile.js'
import { paretoKCutOff } from '../convergence/cut-offs.js'
import { variance } from '../convergence/primitives/moments.js'
import { drawsPerChain, type LogLikelihoodDraws, ofObservation } from './log-likelihood.js'
import { paretoSmooth, type SmoothedWeights } from './pareto-smooth.js'
import { logSumExp } from './primitives/log-sum-exp.js'
import { type Total, total } from './primitives/total.js'
import { relativeEfficiency as efficiencyOf } from './relative-efficiency.js'

/**
 * Leave-one-out cross-validation of one model. Log densities are natural logarithms; higher is better, apart from the information
 * criterion.
 */
export interface Loo {
  /** One value per observation, `[observation]` each. */
  readonly pointwise: {
    /** Expected log predictive density of the observation given the others. */
    readonly elpd: Float64Array
    /** Monte Carlo standard error of it. */
    readonly mcse: Float64Array
    /** Effective number of parameters: what the observation's own presence adds to its log predictive density. */
    readonly effectiveParameters: Float64Array
    /** -2 elpd. */
    readonly informationCriterion: Float64Array
    /** Pareto k-hat of the importance weights. */
    readonly k: Float64Array
    /** Draws that the importance weights are worth. */
    readonly effectiveSampleSize: Float64Array
  }
  readonly elpd: Total
  readonly effectiveParameters: Total
  readonly informationCriterion: Total
  /** k-hat at or above it makes an estimate unreliable; from the number of draws. */
  readonly kCutOff: number
  /** Observations, from 0, whose k-hat is not below the cut-off, worst first. */
  readonly unreliable: readonly number[]
  /** Empty when all is well. */
  readonly warnings: readonly string[]
}

/**
 * Expected log predictive density of each observation when it is left out, by Pareto-smoothed importance sampling from the draws
 * of the full posterior: elpd_i = log sum_s w_is p(y_i | theta_s), w_is proportional to 1 / p(y_i | theta_s), smoothed (Vehtari,
 * Gelman and Gabry 2017, 10.1007/s11222-016-9696-4; Vehtari et al. 2024, JMLR 25(72)). Agrees with R package loo 2.5.1.
 *
 * Needs observations that are independent given the parameters. NaN for an observation with a log likelihood that is not finite.
 * @throws UsageError when the values do not fill chains and observations.
 */
export function loo(logLikelihood: LogLikelihoodDraws): Loo {
  const { observationCount, chainCount } = logLikelihood
  const drawCount = drawsPerChain(logLikelihood) * chainCount
  const rows = Array.from({ length: observationCount }, (_, observation) => looOfObservation(logLikelihood, observation))
  const column = (name: keyof Row) => Float64Array.from(rows, (row) => row[name])
  const [elpd, effectiveParameters, k] = [column('elpd'), column('effectiveParameters'), column('k')]
  const informationCriterion = elpd.map((value) => -2 * value)
  const kCutOff = paretoKCutOff(drawCount)
  const severity = (observation: number) => (Number.isNaN(k[observation]) ? Infinity : k[observation])
  const unreliable = rows
    .flatMap((_, observation) => (k[observation] < kCutOff ? [] : [observation]))
    .sort((a, b) => severity(b) - severity(a) || a - b)
  const pointwise = { elpd, mcse: column('mcse'), effectiveParameters, informationCriterion, k }
  return {
    pointwise: { ...pointwise, effectiveSampleSize: column('effectiveSampleSize') },
    elpd: total(elpd),
    effectiveParameters: total(effectiveParameters),
    informationCriterion: total(informationCriterion),
    kCutOff,
    unreliable,
    warnings: warningsOf(unreliable, k, kCutOff),
  }
}

/** Smoothed weights that turn draws of the posterior into draws of the posterior without this observation, from 0. */
export function looWeights(
  logLikelihood: LogLikelihoodDraws,
  observation: number,
): SmoothedWeights & { readonly relativeEfficiency: number } {
  const length = drawsPerChain(logLikelihood)
  const values = ofObservation(logLikelihood, observation)
  const chains = Array.from({ length: logLikelihood.chainCount }, (_, c) => values.subarray(c * length, (c + 1) * length))
  const logRatios = values.map((value) => (Number.isFinite(value) ? -value : Number.NaN))
  const relativeEfficiency = efficiencyOf(chains)
  return { ...paretoSmooth(logRatios, relativeEfficiency), relativeEfficiency }
}

interface Row {
  readonly elpd: number
  readonly mcse: number
  readonly effectiveParameters: number
  readonly k: number
  readonly effectiveSampleSize: number
}

function looOfObservation(logLikelihood: LogLikelihoodDraws, observation: number): Row {
  const { logWeights, k, effectiveSampleSize, relativeEfficiency } = looWeights(logLikelihood, observation)
  const values = ofObservation(logLikelihood, observation)
  const elpd = logSumExp(logWeights.map((weight, draw) => weight + values[draw]))
  const full = logSumExp(values) - Math.log(values.length)
  const mcse = monteCarloError(logWeights, values, elpd) / Math.sqrt(relativeEfficiency)
  return { elpd, mcse, effectiveParameters: full - elpd, k, effectiveSampleSize }
}

/** Standard normal scores of 1000 equally probable points, at Blom's offset 3/8. */
const normalScores = Float64Array.from({ length: 1000 }, (_, index) => normalQuantile((index + 1 - 3 / 8) / (1000 + 1 / 4)))

/**
 * Standard deviation of log Z with Z normal, cut at 0, about the estimated density p with the variance sum_s w_s^2 (p_s - p)^2,
 * for independent draws (Vehtari et al. 2024, JMLR 25(72)); computed relative to p, which leaves it unchanged and cannot
 * underflow.
 */
function monteCarloError(logWeights: Float64Array, logLikelihood: Float64Array, elpd: number): number {
  let squares = 0
  for (let draw = 0; draw < logWeights.length; draw++)
    squares += (Math.exp(logWeights[draw]) * Math.expm1(logLikelihood[draw] - elpd)) ** 2
  const spread = Math.sqrt(squares)
  const points = normalScores.map((score) => 1 + spread * score).filter((value) => value > 0)
  return Math.sqrt(variance(points.map(Math.log)))
}

function warningsOf(unreliable: readonly number[], k: Float64Array, kCutOff: number): string[] {
  const undefinedCount = unreliable.filter((observation) => Number.isNaN(k[observation])).length
  const high = unreliable.filter((observation) => !Number.isNaN(k[observation]))
  const warnings: string[] = []
  if (undefinedCount > 0)
    warnings.push(
      `${undefinedCount} of ${k.length} observations have log likelihoods that are not finite; the totals are not defined.`,
    )
  if (high.length > 0)
    warnings.push(
      `Pareto k-hat of ${high.length} of ${k.length} observations is not below ${kCutOff.toFixed(2)}, worst ${k[high[0]].toFixed(2)} (observation ` +
        `${high[0] + 1}): leaving them out changes the posterior too much to be computed from its draws. The model may be misspecified or ` +
        'very flexible there; refit without these observations, or use k-fold cross-validation.',
    )
  return warnings
}
