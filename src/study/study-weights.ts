/**
 * Weights of the trials in the point prediction of many people, w_j(x) proportional to 1 / {v_j(x) + tau^2(x)}: what a pooling method gives as the mean of its draws' weights, found
 * here by averaging over draws of tau without making any of the effects.
 */
import { type AuxiliaryModel, auxiliaryCovariance, heterogeneityOf } from '../effects/auxiliary-model.js'
import type { CombinationOptions } from '../effects/combination-options.js'
import { fixedWeights, writeInverseWeights } from '../effects/part-weights.js'
import type { PooledTrial } from './pool-study.js'

/** Draws of tau that weights are averaged over. */
const TAU_DRAWS = 50

/**
 * @param auxiliary with draws of tau where heterogeneity is `auxiliary`
 * @returns `[person, trial]`
 */
export function pointWeights(
  trials: readonly PooledTrial[],
  { weights, heterogeneity }: Pick<CombinationOptions, 'weights' | 'heterogeneity'>,
  auxiliary: AuxiliaryModel | undefined,
  people: number,
): Float64Array {
  const count = trials.length
  const out = new Float64Array(people * count)
  const sizes = trials.map(({ fitted }) => ({ patientCount: fitted.design.outcome.length }))
  const fixed = fixedWeights(sizes, { weights })
  const heterogeneityAt = auxiliary && heterogeneity === 'auxiliary' ? heterogeneityOfPeople(trials, auxiliary) : undefined
  const [variances, own] = [new Float64Array(count), new Float64Array(count)]
  const contrasts = trials.map(({ fitted }) => new Float64Array(fitted.design.columns.length + 1).fill(1))
  for (let person = 0; person < people; person++) {
    if (fixed) {
      out.set(fixed, person * count)
      continue
    }
    trials.forEach((trial, index) => {
      const { moments, refitMoments, modifiers } = trial
      const contrast = contrasts[index]
      const width = contrast.length - 1
      for (let k = 0; k < width; k++) contrast[k + 1] = modifiers[person * width + k]
      if (weights === 'auxiliary') variances[index] = auxiliaryCovariance(auxiliary!.trials[index], contrast, contrast)
      else variances[index] = (weights === 'bootstrap' ? refitMoments! : moments).variances[person]
    })
    const tauSquared = heterogeneityAt?.(contrasts) ?? NONE
    for (const value of tauSquared) {
      writeInverseWeights(variances, value, own)
      for (let trial = 0; trial < count; trial++) out[person * count + trial] += own[trial] / tauSquared.length
    }
  }
  return out
}

const NONE = new Float64Array(1)

/** tau^2 of a person in some draws, from their contrasts with the coefficients of all trials. */
function heterogeneityOfPeople(trials: readonly PooledTrial[], auxiliary: AuxiliaryModel) {
  const { tau = [] } = auxiliary
  const step = Math.ceil(tau.length / TAU_DRAWS)
  const fewer = { ...auxiliary, tau: tau.filter((_, draw) => draw % step === 0) }
  const products = new Float64Array(auxiliary.coefficientNames.length)
  return (contrasts: readonly Float64Array[]) => {
    trials.forEach((_, trial) => {
      auxiliary.trials[trial].positions.forEach((position, own) => {
        products[position] = contrasts[trial][own] ** 2
      })
    })
    return heterogeneityOf(fewer, products)
  }
}
