import type { Draws } from '../../src/draws/draws.js'
import { scalars } from '../../src/draws/scalars.js'
import { UsageError } from '../../src/errors/usage-error.js'
import { paretoKCutOff } from '../convergence/cut-offs.js'
import { pooled } from '../convergence/primitives/chains.js'
import { cumulativeJensenShannon } from './cumulative-jensen-shannon.js'
import { paretoSmooth } from './pareto-smooth.js'
import { relativeEfficiency } from './relative-efficiency.js'

export type Diagnosed = 'none' | 'prior-data conflict' | 'weak likelihood'

export interface SensitivityRow {
  /** `gamma[age]` */
  readonly name: string
  /** Change of the marginal posterior per halving or doubling of the prior's power, as a cumulative Jensen-Shannon distance. */
  readonly prior: number
  /** The same for the likelihood. */
  readonly likelihood: number
  readonly diagnosis: Diagnosed
}

export interface Sensitivity {
  readonly rows: readonly SensitivityRow[]
  readonly threshold: number
  /** Pareto k-hat of the weights for every power, which must be below `kCutOff`. */
  readonly k: readonly { readonly component: 'prior' | 'likelihood'; readonly power: number; readonly k: number }[]
  readonly kCutOff: number
  readonly warnings: readonly string[]
}

export interface PowerScalingOptions {
  /** Powers of prior and likelihood, none of them 1. Default 0.8 and 1.25. */
  readonly powers?: readonly number[]
  /** Sensitivities from here on count: 0.05, as Kallioinen et al. have it. */
  readonly threshold?: number
}

/**
 * Sensitivity of each marginal posterior to raising the prior, or the likelihood, to a power alpha, by Pareto-smoothed importance
 * sampling with the ratios p^(alpha - 1) (Kallioinen, Paananen, Buerkner and Vehtari 2024, 10.1007/s11222-023-10366-5): the mean
 * over the powers of the distance from the posterior over |log2 alpha|. A posterior that moves with the prior and with the
 * likelihood tells of a conflict between them; one that moves with the prior only, of a likelihood that says little beside it. In
 * a hierarchical model only priors that depend on no other parameter should be scaled.
 *
 * @param quantities whose posterior is judged
 * @param logPrior of the parameters that are scaled, and log likelihood, at the same draws. `[chain][draw]`
 * @throws UsageError when the draws do not match, or a power is not positive or is 1.
 */
export function powerScalingSensitivity(
  quantities: Draws,
  logPrior: readonly Float64Array[],
  logLikelihood: readonly Float64Array[],
  { powers = [0.8, 1.25], threshold = 0.05 }: PowerScalingOptions = {},
): Sensitivity {
  const drawCount = quantities.chainCount * quantities.drawCount
  requireMatch(drawCount, logPrior, logLikelihood)
  requirePowers(powers)
  const scaled = {
    prior: powers.map((power) => scale(logPrior, power)),
    likelihood: powers.map((power) => scale(logLikelihood, power)),
  }
  const even = new Float64Array(drawCount).fill(1 / drawCount)
  const rows = scalars(quantities).map(({ name, chains }): SensitivityRow => {
    const draws = pooled(chains)
    const sensitivityTo = (component: readonly Scaled[]) =>
      component.reduce(
        (sum, { power, weights }) => sum + cumulativeJensenShannon(draws, even, weights) / Math.abs(Math.log2(power)),
        0,
      ) / component.length
    const [prior, likelihood] = [sensitivityTo(scaled.prior), sensitivityTo(scaled.likelihood)]
    return { name, prior, likelihood, diagnosis: diagnose(prior, likelihood, threshold) }
  })
  const kCutOff = paretoKCutOff(drawCount)
  const k = (['prior', 'likelihood'] as const).flatMap((component) =>
    scaled[component].map((each) => ({ component, power: each.power, k: each.k })),
  )
  const warnings = k
    .filter((each) => !(each.k < kCutOff))
    .map(
      (each) =>
        `Pareto k-hat of the ${each.component} at power ${each.power} is ${each.k.toFixed(2)}, not below ${kCutOff.toFixed(2)}: its sensitivities are unreliable. Use powers nearer 1, or more draws.`,
    )
  return { rows, threshold, k, kCutOff, warnings }
}

interface Scaled {
  readonly power: number
  /** `[draw]` */
  readonly weights: Float64Array
  readonly k: number
}

function scale(logDensity: readonly Float64Array[], power: number): Scaled {
  const logRatios = logDensity.map((chain) => chain.map((value) => (power - 1) * value))
  const { logWeights, k } = paretoSmooth(pooled(logRatios), relativeEfficiency(logRatios))
  return { power, weights: logWeights.map(Math.exp), k }
}

function diagnose(prior: number, likelihood: number, threshold: number): Diagnosed {
  if (!(prior >= threshold)) return 'none'
  return likelihood >= threshold ? 'prior-data conflict' : 'weak likelihood'
}

function requireMatch(drawCount: number, logPrior: readonly Float64Array[], logLikelihood: readonly Float64Array[]): void {
  const wrong = [logPrior, logLikelihood].find((density) => pooled(density).length !== drawCount)
  if (!wrong) return
  throw new UsageError({
    problem: `there are ${pooled(wrong).length} log densities for ${drawCount} draws`,
    remedy: 'Give the log prior and the log likelihood of every draw of every chain.',
  })
}

function requirePowers(powers: readonly number[]): void {
  const wrong = powers.find((power) => !(power > 0 && power !== 1 && Number.isFinite(power)))
  if (powers.length > 0 && wrong === undefined) return
  throw new UsageError({
    problem: wrong === undefined ? 'there are no powers to scale by' : `the power is ${wrong}`,
    remedy: 'Give positive powers other than 1, such as 0.8 and 1.25.',
  })
}
