/**
 * Combines the effects of people over trials, person by person, with weights w_j that add up to 1:
 *
 *     mu       = sum_j w_j theta_j,   theta_j = m_j + error_j + u_j,   error_j ~ posterior of the trial,  u_j ~ N(0, tau^2)
 *     theta_new ~ N(mu, tau^2)
 *     theta_j | mu, tau ~ posterior of the trial, shrunken towards mu by v_j / (v_j + tau^2)
 *
 * Posteriors of trials count as normal, or as the draws that they are. For weights proportional to 1 / (v_j + tau^2) and normal posteriors these are the
 * exact posteriors of m_j ~ N(theta_j, v_j), theta_j ~ N(mu, tau^2) with a flat prior of mu. Other weights give an average that is unbiased too, and its
 * own variance. All people share random numbers, so that a person's result does not depend on who else is asked about.
 */
import type { EffectPooling, PooledEffects, TrialEffects } from '../contract/pooling-method.js'
import type { Dimension } from '../draws/draws.js'
import type { AuxiliaryModel } from './auxiliary-model.js'
import { type CombinationNumbers, combinationNumbers } from './combination-numbers.js'
import type { CombinationOptions } from './combination-options.js'
import { type PersonParts, referenceAndDifference, wholeEffect } from './effect-parts.js'
import { fixedWeights, heterogeneitySampler, partCovariance, weightVariances, writeInverseWeights } from './part-weights.js'

export interface Combination extends CombinationOptions {
  /** What the posterior of a trial is taken for. */
  readonly posteriors: 'normal' | 'draws'
  /** Whether a new setting is like the trials in the average and spread of their effects, or is one of them. */
  readonly newSetting: 'random-effects' | 'mixture'
  /**
   * Weights of a person, for `stacking`, `[trial]`: those of the difference from the reference patient where that is a part of its own. The reference patient's
   * effect then has the weights of the auxiliary model, since stacking weights do not say whose level is right.
   */
  readonly stackedWeights?: (person: number) => Float64Array
}

export function combineEffects(
  trials: readonly TrialEffects[],
  options: Combination,
  request: EffectPooling,
  auxiliary: AuxiliaryModel | undefined,
): PooledEffects {
  const width = request.people.length
  const trialCount = trials.length
  const isPlugIn = options.heterogeneity === 'dersimonian-laird' || options.heterogeneity === 'restricted-maximum-likelihood'
  const random = combinationNumbers(request, trialCount, isPlugIn, options.posteriors === 'draws')
  const { count } = random
  const [mu, tau, newSetting, mixture] = [0, 1, 2, 3].map(() => new Float64Array(count * width))
  const theta = request.withoutTrials ? undefined : new Float64Array(count * trialCount * width)
  const weights = new Float64Array(width * trialCount)
  const shared = fixedWeights(trials, options)
  for (let person = 0; person < width; person++) {
    const parts = (options.components === 'separate' ? referenceAndDifference : wholeEffect)(trials, width, person)
    const draw = personDraws(parts, { ...options, fixed: shared ?? options.stackedWeights?.(person) }, auxiliary, random)
    const own = weights.subarray(person * trialCount, (person + 1) * trialCount)
    for (let row = 0; row < count; row++) {
      const drawn = draw(row, theta, row * trialCount * width + person, width)
      mu[row * width + person] = drawn.mu
      tau[row * width + person] = drawn.tau
      mixture[row * width + person] = drawn.mixture
      newSetting[row * width + person] = options.newSetting === 'mixture' ? drawn.mixture : drawn.newSetting
      for (let trial = 0; trial < trialCount; trial++) own[trial] += drawn.weights[trial] / count
    }
  }
  const person: Dimension = { name: 'person', labels: request.people }
  const study: Dimension = { name: 'study', labels: trials.map((trial) => trial.study) }
  return {
    weights,
    draws: {
      chainCount: request.chainCount,
      drawCount: request.drawCount,
      variables: [
        { name: 'mu', dimensions: [person], values: mu },
        { name: 'tau', dimensions: [person], values: tau },
        ...(theta ? [{ name: 'theta', dimensions: [study, person], values: theta }] : []),
        { name: 'theta_new', dimensions: [person], values: newSetting },
        ...(options.posteriors === 'draws' ? [{ name: 'mixture', dimensions: [person], values: mixture }] : []),
      ],
    },
  }
}

interface PersonDraw {
  mu: number
  tau: number
  newSetting: number
  mixture: number
  /** Of the last part, `[trial]`. */
  weights: Float64Array
}

/** Draws everything about one person; `theta`, if it is wanted, is written to every `stride`-th place from `offset` on. */
function personDraws(
  { parts, covariances, drawCounts }: PersonParts,
  options: Combination & { readonly fixed: Float64Array | undefined },
  auxiliary: AuxiliaryModel | undefined,
  numbers: CombinationNumbers,
): (row: number, theta: Float64Array | undefined, offset: number, stride: number) => PersonDraw {
  const trialCount = drawCounts.length
  const samplers = parts.map((part) => heterogeneitySampler(part, options, auxiliary))
  const between = partCovariance(parts, options, auxiliary)
  const isFixed = (part: number) => options.fixed && (options.weights !== 'stacking' || part === parts.length - 1)
  const ofWeights = parts.map((part, index) => (isFixed(index) ? undefined : weightVariances(part, options, auxiliary)))
  const weights = parts.map((_, index) => (isFixed(index) ? options.fixed!.slice() : new Float64Array(trialCount)))
  const means = covariances.map((_, trial) => parts.reduce((sum, part) => sum + part.means[trial], 0))
  const variances = covariances.map((covariance, trial) =>
    parts.reduce((sum, part) => sum + part.variances[trial], 2 * covariance),
  )
  const isNormal = options.posteriors === 'normal'
  const [one, other] = parts
  const [ofOne, ofOther] = weights
  const siteDraw = (trial: number, uniform: number) => {
    const at = Math.floor(uniform * drawCounts[trial])
    return other ? one.draws[trial][at] + other.draws[trial][at] : one.draws[trial][at]
  }
  const componentDraw = (part: number, row: number) => {
    const trial = pick(weights[part], numbers.component[2 * row + part])
    return parts[part].draws[trial][Math.floor(numbers.siteAgain[row * trialCount + trial] * drawCounts[trial])]
  }
  const secondNumber = options.heterogeneity === 'auxiliary' ? 0 : 1
  const result: PersonDraw = { mu: 0, tau: 0, newSetting: 0, mixture: 0, weights: weights[weights.length - 1] }

  return (row, theta, offset, stride) => {
    const numbersAt = row * trialCount
    const first = samplers[0](numbers.heterogeneity[2 * row])
    const second = other ? samplers[1](numbers.heterogeneity[2 * row + secondNumber]) : 0
    const shared = between(numbers.heterogeneity[2 * row])
    const tauSquared = first + second + 2 * shared
    if (ofWeights[0]) writeInverseWeights(ofWeights[0], first, ofOne)
    if (ofWeights[1]) writeInverseWeights(ofWeights[1], second, ofOther)
    let [mean, within, spread] = [0, 0, 0]
    for (let trial = 0; trial < trialCount; trial++) {
      const a = ofOne[trial]
      const b = other ? ofOther[trial] : 0
      within += a * a * one.variances[trial]
      spread += a * a * first
      if (other) {
        within += b * b * other.variances[trial] + 2 * a * b * covariances[trial]
        spread += b * b * second + 2 * a * b * shared
      }
      if (isNormal) mean += a * one.means[trial] + (other ? b * other.means[trial] : 0)
      else {
        const at = Math.floor(numbers.site[numbersAt + trial] * drawCounts[trial])
        mean += a * one.draws[trial][at] + (other ? b * other.draws[trial][at] : 0)
      }
    }
    const deviation = Math.sqrt(Math.max(0, isNormal ? within + spread : spread)) * numbers.average[row]
    const tau = Math.sqrt(Math.max(0, tauSquared))
    result.tau = tau
    result.mu = mean + numbers.averageStretch[row] * deviation
    result.newSetting = mean + numbers.newStretch[row] * (deviation + tau * numbers.newSetting[row])
    for (let trial = 0; theta && trial < trialCount; trial++) {
      const shrinkage = variances[trial] === 0 ? 0 : variances[trial] / (variances[trial] + tauSquared)
      const own = isNormal ? means[trial] : siteDraw(trial, numbers.siteAgain[numbersAt + trial])
      // of the variance (1 - s) v of theta_j given mu, a draw of the site's own brings (1 - s)^2 v
      const left = variances[trial] * (1 - shrinkage) * (isNormal ? 1 : shrinkage)
      theta[offset + trial * stride] =
        own + shrinkage * (result.mu - own) + Math.sqrt(Math.max(0, left)) * numbers.trials[numbersAt + trial]
    }
    result.mixture = isNormal ? Number.NaN : componentDraw(0, row) + (other ? componentDraw(1, row) : 0)
    return result
  }
}

/** The trial in whose share of (0, 1) a uniform number falls. */
function pick(weights: Float64Array, uniform: number): number {
  let left = uniform
  for (let trial = 0; trial < weights.length - 1; trial++) {
    left -= weights[trial]
    if (left < 0) return trial
  }
  return weights.length - 1
}
