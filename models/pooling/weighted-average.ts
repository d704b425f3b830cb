/**
 * Weighted average of the effects that the trials' own models predict for a person with covariates x:
 *
 *     effect(x) = sum_j w_j(x) m_j(x),   w_j(x) proportional to 1 / {v_j(x) + tau^2(x)}
 *
 * m_j, v_j: posterior mean and variance in trial j, for any first stage; tau^2(x): differences between trials in this person's effect. Each person
 * is a meta-analysis of their own, m_j ~ N(theta_j, v_j), theta_j ~ N(mu, tau^2), and gets draws of mu (average setting), of a new theta and of
 * each theta_j. Weights without tau^2 follow the largest trial, and their intervals are far too narrow where trials differ.
 *
 * The trials' posteriors count as normal. Draws of different people are not joint: they share random numbers, not errors, so that a person's
 * result does not depend on who else is asked about. With weights that vary over x, part of the slope of the average is a move from trial to trial where
 * these differ in case mix; equal or size weights are free of that.
 */
import { z } from 'zod'
import type { EffectPooling, EffectPoolingMethod, TrialEffects } from '../../src/contract/pooling-method.js'
import type { Dimension, Draws } from '../../src/draws/draws.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { derSimonianLaird, pooledMean, restrictedMaximumLikelihood, tauPosterior } from '../../src/numeric/heterogeneity.js'
import { standardNormal } from '../../src/random/standard-normal.js'

const optionsSchema = z.strictObject({
  /** `precision`: 1 / (posterior variance + tau^2); `size`: numbers of patients; `equal`. */
  weights: z.enum(['precision', 'size', 'equal']).default('precision'),
  /**
   * tau^2 of each person: `posterior` draws it, which counts its uncertainty; the two estimates take it as known, which makes intervals too narrow with few
   * trials; `none` takes the effect as the same in all trials.
   */
  heterogeneity: z.enum(['posterior', 'restricted-maximum-likelihood', 'dersimonian-laird', 'none']).default('posterior'),
  /** Scale of the half-normal prior of tau for `posterior`, in reference standard deviations of the outcome (Roever et al. 2021, 10.1002/jrsm.1475: 0.5 is weakly informative on this scale). */
  heterogeneityScale: z.number().positive().default(0.5),
})
export type WeightedAverageOptions = z.infer<typeof optionsSchema>

/** One person's effects in all trials. */
interface PersonSummary {
  /** m_j and v_j, `[trial]` */
  readonly means: Float64Array
  readonly variances: Float64Array
}

function summarise(trials: readonly TrialEffects[], personCount: number): PersonSummary[] {
  const moments = trials.map(({ draws }) => columnMoments(draws, personCount))
  return Array.from({ length: personCount }, (_, person) => ({
    means: Float64Array.from(moments, ({ means }) => means[person]),
    variances: Float64Array.from(moments, ({ variances }) => variances[person]),
  }))
}

function columnMoments(draws: Float64Array, width: number): { means: Float64Array; variances: Float64Array } {
  const count = draws.length / width
  const means = new Float64Array(width)
  const variances = new Float64Array(width)
  for (let at = 0; at < draws.length; at++) means[at % width] += draws[at] / count
  for (let at = 0; at < draws.length; at++) variances[at % width] += (draws[at] - means[at % width]) ** 2 / (count - 1)
  return { means, variances }
}

/** tau as a function of a uniform number. */
function tauSampler({ means, variances }: PersonSummary, options: WeightedAverageOptions): (uniform: number) => number {
  switch (options.heterogeneity) {
    case 'posterior':
      return tauPosterior(means, variances, options.heterogeneityScale)
    case 'none':
      return () => 0
    default: {
      const estimate = options.heterogeneity === 'dersimonian-laird' ? derSimonianLaird : restrictedMaximumLikelihood
      const tau = Math.sqrt(estimate(means, variances))
      return () => tau
    }
  }
}

/** Mean and standard deviation of mu given tau. */
function averageGiven(tau: number, { means, variances }: PersonSummary, weights: Float64Array | undefined) {
  if (!weights) {
    const { mean, precision } = pooledMean(means, variances, tau * tau)
    return { mean, sd: Math.sqrt(1 / precision) }
  }
  let [mean, variance] = [0, 0]
  weights.forEach((weight, trial) => {
    mean += weight * means[trial]
    variance += weight * weight * (variances[trial] + tau * tau)
  })
  return { mean, sd: Math.sqrt(variance) }
}

/** Weights that are the same for all people, adding up to 1; none when they follow from precision. */
function fixedWeights(trials: readonly TrialEffects[], { weights }: WeightedAverageOptions): Float64Array | undefined {
  if (weights === 'precision') return undefined
  const raw = Float64Array.from(trials, ({ patientCount }) => (weights === 'size' ? patientCount : 1))
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  return raw.map((weight) => weight / total)
}

/** Random numbers of all draws, the same for all people: for tau, mu, a new trial, and each trial. */
function randomNumbers({ chainCount, drawCount, streamFor }: EffectPooling, trialCount: number) {
  return Array.from({ length: chainCount }, (_, chain) => {
    const source = streamFor(chain)
    return Array.from({ length: drawCount }, () => ({
      uniform: source.uniform(),
      average: standardNormal(source),
      newSetting: standardNormal(source),
      trials: Float64Array.from({ length: trialCount }, () => standardNormal(source)),
    }))
  }).flat()
}

function pool(trials: readonly TrialEffects[], options: WeightedAverageOptions, request: EffectPooling): Draws {
  const width = request.people.length
  const random = randomNumbers(request, trials.length)
  const weights = fixedWeights(trials, options)
  const [mu, tau, newSetting] = [0, 1, 2].map(() => new Float64Array(random.length * width))
  const theta = new Float64Array(random.length * trials.length * width)
  summarise(trials, width).forEach((summary, person) => {
    const tauOf = tauSampler(summary, options)
    random.forEach((numbers, draw) => {
      const spread = tauOf(numbers.uniform)
      const { mean, sd } = averageGiven(spread, summary, weights)
      const at = draw * width + person
      tau[at] = spread
      mu[at] = mean + sd * numbers.average
      newSetting[at] = mu[at] + spread * numbers.newSetting
      for (let trial = 0; trial < trials.length; trial++) {
        // theta_j | mu, tau: v / (v + tau^2) of the way from m_j to mu
        const variance = summary.variances[trial]
        const shrinkage = variance / (variance + spread * spread)
        const centre = summary.means[trial] + shrinkage * (mu[at] - summary.means[trial])
        theta[(draw * trials.length + trial) * width + person] = centre + spread * Math.sqrt(shrinkage) * numbers.trials[trial]
      }
    })
  })
  const person: Dimension = { name: 'person', labels: request.people }
  const study: Dimension = { name: 'study', labels: trials.map((trial) => trial.study) }
  return {
    chainCount: request.chainCount,
    drawCount: request.drawCount,
    variables: [
      { name: 'mu', dimensions: [person], values: mu },
      { name: 'tau', dimensions: [person], values: tau },
      { name: 'theta', dimensions: [study, person], values: theta },
      { name: 'theta_new', dimensions: [person], values: newSetting },
    ],
  }
}

function describe({ weights, heterogeneity, heterogeneityScale }: WeightedAverageOptions): string {
  const weighting = {
    precision: `the inverse of their variance${heterogeneity === 'none' ? '' : ' within and between trials'}`,
    size: 'the number of patients',
    equal: 'equal weights',
  }[weights]
  const between = {
    posterior: `a between-trial standard deviation of their effect that has a half-normal prior with scale ${heterogeneityScale} (in reference standard deviations of the outcome)`,
    'restricted-maximum-likelihood':
      'a between-trial variance of their effect estimated by restricted maximum likelihood and taken as known',
    'dersimonian-laird':
      'a between-trial variance of their effect estimated by the method of DerSimonian and Laird and taken as known',
    none: 'an effect that is the same in all trials',
  }[heterogeneity]
  return `a weighted average, for each person, of the effects that the trials' own models predict, weighted by ${weighting}, with ${between}`
}

export const poolingMethod: EffectPoolingMethod<WeightedAverageOptions> = {
  name: 'weighted-average',
  takes: 'effects',
  summary: "weighted average, person by person, of the effects that the trials' own models predict, of any first stage",
  parseOptions: (raw) => parseOptions('secondStage', 'method', optionsSchema, raw),
  describe,
  pool,
}
