/**
 * Whether weights that change from person to person turn differences between trials into effect modification. With pooled effect
 * e(x) = sum_j w_j(x) m_j(x) and the same with the weights of the reference patient, f(x) = sum_j w_j(x0) m_j(x), the slopes of e and f over the modifiers of the
 * analysed patients are compared. An interaction ought to come from comparisons within trials (Riley et al. 2020, 10.1002/sim.8516; Hua et al. 2017,
 * 10.1002/sim.7171); what e has and f has not comes from moving between trials.
 *
 * A change counts as material beyond half the standard error of the pooled interaction in the auxiliary least-squares regressions: a bias of half a standard
 * error brings the coverage of a 95% interval down to 92%.
 */
import { ordinaryLeastSquares } from '../numeric/ordinary-least-squares.js'
import { invertPositiveDefinite } from '../numeric/positive-definite.js'
import type { AuxiliaryModel } from './auxiliary-model.js'

export interface LeakInput {
  /** Names of the modifiers' columns, `[modifier]`. */
  readonly names: readonly string[]
  /** `[person, modifier]`, analysis scale */
  readonly modifiers: Float64Array
  /** Of each person, `[person, trial]`. */
  readonly weights: Float64Array
  /** Posterior means m_j(x), `[person, trial]`. */
  readonly means: Float64Array
  /** Weights of the reference patient, `[trial]`. */
  readonly referenceWeights: Float64Array
  readonly auxiliary: AuxiliaryModel
}

/** Slope of the pooled effect over one modifier, analysis scale. */
export interface LeakSlope {
  readonly name: string
  readonly asPooled: number
  /** With the weights of the reference patient for everybody. */
  readonly frozen: number
  readonly standardError: number
  readonly isMaterial: boolean
}

const MATERIAL_STANDARD_ERRORS = 0.5

/** None when there are no modifiers, or the people are too few or too much alike to have slopes. */
export function aggregationLeak(input: LeakInput): LeakSlope[] {
  const { names, modifiers, weights, means, referenceWeights, auxiliary } = input
  const trialCount = referenceWeights.length
  const count = weights.length / trialCount
  const width = 1 + names.length
  const design = new Float64Array(count * width)
  const [asPooled, frozen] = [new Float64Array(count), new Float64Array(count)]
  for (let person = 0; person < count; person++) {
    design[person * width] = 1
    design.set(modifiers.subarray(person * names.length, (person + 1) * names.length), person * width + 1)
    for (let trial = 0; trial < trialCount; trial++) {
      const mean = means[person * trialCount + trial]
      asPooled[person] += weights[person * trialCount + trial] * mean
      frozen[person] += referenceWeights[trial] * mean
    }
  }
  const slopes = [asPooled, frozen].map((effects) => ordinaryLeastSquares(design, effects).coefficients.subarray(1))
  const errors = pooledStandardErrors(auxiliary)
  return names.flatMap((name, k) => {
    const standardError = errors[auxiliary.coefficientNames.indexOf(`treatment:${name}`)]
    const change = Math.abs(slopes[0][k] - slopes[1][k])
    if (!Number.isFinite(change) || standardError === undefined) return []
    const isMaterial = change > MATERIAL_STANDARD_ERRORS * standardError
    return [{ name, asPooled: slopes[0][k], frozen: slopes[1][k], standardError, isMaterial }]
  })
}

/** Of the coefficients pooled with inverse-variance weights, `[coefficient]`. */
function pooledStandardErrors({ coefficientNames, trials }: AuxiliaryModel): number[] {
  const size = coefficientNames.length
  const precision = new Float64Array(size * size)
  for (const { positions, covariance } of trials) {
    const own = invertPositiveDefinite(Float64Array.from(covariance), positions.length)
    positions.forEach((row, i) => {
      positions.forEach((column, j) => {
        precision[row * size + column] += own[i * positions.length + j]
      })
    })
  }
  const covariance = invertPositiveDefinite(precision, size)
  return coefficientNames.map((_, k) => Math.sqrt(covariance[k * size + k]))
}
