/**
 * Weights of the trials in one part of a person's effect, `[trial]`, adding up to 1, and the variance between trials that they may depend on.
 */
import type { TrialEffects } from '../contract/pooling-method.js'
import { derSimonianLaird, restrictedMaximumLikelihood, tauPosterior } from '../numeric/heterogeneity.js'
import { type AuxiliaryModel, auxiliaryCovariance, heterogeneityOf } from './auxiliary-model.js'
import type { CombinationOptions } from './combination-options.js'
import type { EffectPart } from './effect-parts.js'

/** Variances that weights are the inverse of; none when weights are given otherwise. `[trial]` */
export function weightVariances(
  part: EffectPart,
  { weights }: Pick<CombinationOptions, 'weights'>,
  auxiliary: AuxiliaryModel | undefined,
): Float64Array | undefined {
  switch (weights) {
    case 'auxiliary':
    case 'stacking':
      return Float64Array.from(part.contrasts, (contrast, trial) =>
        auxiliaryCovariance(auxiliary!.trials[trial], contrast, contrast),
      )
    case 'posterior-variance':
      return part.variances
    case 'bootstrap':
      return part.refitVariances
    default:
      return undefined
  }
}

/** Weights that are the same for everybody; none when they depend on variances. */
export function fixedWeights(
  trials: readonly Pick<TrialEffects, 'patientCount'>[],
  { weights }: Pick<CombinationOptions, 'weights'>,
): Float64Array | undefined {
  if (weights !== 'size' && weights !== 'equal') return undefined
  return normalised(Float64Array.from(trials, ({ patientCount }) => (weights === 'size' ? patientCount : 1)))
}

/** Writes 1 / (variance + tau^2), normalised, to `out`; where some of these are 0, they share all the weight. */
export function writeInverseWeights(variances: Float64Array, tauSquared: number, out: Float64Array): void {
  let total = 0
  for (let trial = 0; trial < out.length; trial++) {
    out[trial] = 1 / (variances[trial] + tauSquared)
    total += out[trial]
  }
  if (total === Number.POSITIVE_INFINITY) {
    for (let trial = 0; trial < out.length; trial++) out[trial] = out[trial] === Number.POSITIVE_INFINITY ? 1 : 0
    total = out.reduce((sum, weight) => sum + weight, 0)
  }
  for (let trial = 0; trial < out.length; trial++) out[trial] /= total
}

function normalised(raw: Float64Array): Float64Array {
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  return raw.map((weight) => weight / total)
}

/** tau^2 of a part as a function of a uniform number. */
export type HeterogeneitySampler = (uniform: number) => number

export function heterogeneitySampler(
  { means, variances, contrasts }: EffectPart,
  options: Pick<CombinationOptions, 'heterogeneity' | 'heterogeneityScale'>,
  auxiliary: AuxiliaryModel | undefined,
): HeterogeneitySampler {
  // a part that is 0 for everybody, such as the reference patient's difference from themselves
  if (variances.every((variance) => variance === 0)) return () => 0
  switch (options.heterogeneity) {
    case 'auxiliary':
      return indexed(auxiliaryHeterogeneity(auxiliary!, contrasts, contrasts))
    case 'posterior': {
      const quantile = tauPosterior(means, variances, options.heterogeneityScale)
      return (uniform) => quantile(uniform) ** 2
    }
    case 'none':
      return () => 0
    default: {
      const estimate = options.heterogeneity === 'dersimonian-laird' ? derSimonianLaird : restrictedMaximumLikelihood
      const tauSquared = estimate(means, variances)
      return () => tauSquared
    }
  }
}

/** Between-trial covariance of two parts as the auxiliary model has it; 0 for other sources of heterogeneity, which take parts as independent. */
export function partCovariance(
  parts: readonly EffectPart[],
  { heterogeneity }: Pick<CombinationOptions, 'heterogeneity'>,
  auxiliary: AuxiliaryModel | undefined,
): HeterogeneitySampler {
  if (parts.length === 1 || heterogeneity !== 'auxiliary') return () => 0
  return indexed(auxiliaryHeterogeneity(auxiliary!, parts[0].contrasts, parts[1].contrasts))
}

function auxiliaryHeterogeneity(
  model: AuxiliaryModel,
  left: readonly Float64Array[],
  right: readonly Float64Array[],
): Float64Array {
  const products = new Float64Array(model.coefficientNames.length)
  model.trials.forEach(({ positions }, trial) => {
    positions.forEach((position, own) => {
      products[position] = left[trial][own] * right[trial][own]
    })
  })
  return heterogeneityOf(model, products)
}

const indexed =
  (values: Float64Array): HeterogeneitySampler =>
  (uniform) =>
    values[Math.floor(uniform * values.length)]
