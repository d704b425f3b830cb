/**
 * The auxiliary model of a weighted average: least squares with all treatment-covariate interactions in each trial, whatever its first-stage model
 * is. The variance of its effect of a person with contrast c = (1, modifiers),
 *
 *     v_j(x) = c' V_j c = s_j^2 sum over arms of {1 / n_a + squared Mahalanobis distance of x from the arm / (n_a - 1)},
 *
 * falls with the size of the trial and rises with noise and with the distance of the person from its patients. The differences between trials
 * in its coefficients, T = diag(tau^2), give the heterogeneity of every person's effect, tau^2(x) = c' T c, without a jump from one person to the next.
 */
import type { Stream } from '../contract/stream.js'
import type { TrialDesign, TrialEstimate } from '../contract/trial.js'
import { DataError } from '../errors/data-error.js'
import { diagonalHeterogeneityDraws } from '../numeric/diagonal-heterogeneity.js'
import { trialEstimateByLeastSquares } from '../numeric/trial-regression.js'

/** Plain data. */
export interface AuxiliaryModel {
  /** `treatment`, `treatment:age`, ...: all that some trial estimates. */
  readonly coefficientNames: readonly string[]
  readonly trials: readonly AuxiliaryTrial[]
  /** Draws of the between-trial standard deviations, `[draw][coefficient]`; when asked for. */
  readonly tau?: readonly (readonly number[])[]
}

export interface AuxiliaryTrial {
  readonly study: string
  /** Places of its coefficients among `coefficientNames`, `[own]`. */
  readonly positions: readonly number[]
  /** `[own]` */
  readonly estimate: readonly number[]
  /** `[own, own]` */
  readonly covariance: readonly number[]
}

/**
 * @throws DataError for a trial in which least squares does not determine all coefficients with a residual degree of freedom.
 */
export function auxiliaryModel(trials: readonly TrialDesign[]): AuxiliaryModel {
  const estimates = trials.map(estimateOf)
  const coefficientNames = [...new Set(estimates.flatMap((one) => one.coefficientNames))]
  return {
    coefficientNames,
    trials: estimates.map(({ study, coefficientNames: own, estimate, covariance }) => ({
      study,
      positions: own.map((name) => coefficientNames.indexOf(name)),
      estimate: [...estimate],
      covariance: [...covariance],
    })),
  }
}

/** A trial is regressed once, however often it is pooled with others. */
const known = new WeakMap<TrialDesign, TrialEstimate>()

function estimateOf(trial: TrialDesign): TrialEstimate {
  try {
    const estimate = known.get(trial) ?? trialEstimateByLeastSquares(trial)
    known.set(trial, estimate)
    return estimate
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    const { problem, reason } = error.details
    throw new DataError({
      problem,
      ...(reason === undefined ? {} : { reason }),
      remedy:
        'Leave the trial out, or do without the auxiliary model: `secondStage: { weights: posterior-variance, heterogeneity: posterior }`.',
    })
  }
}

/** Sweeps of the sampler: their Monte Carlo error is far below the posterior's own width. */
const SWEEPS = { warmupCount: 200, drawCount: 1000 }
/** Interactions differ less between trials than the effect itself, per unit of the covariates' scale. */
const INTERACTION_SHARE = 0.5

/**
 * The model with posterior draws of tau under half-normal priors.
 * @param scale of the prior for the treatment effect; that for interactions is half as wide
 */
export function withHeterogeneity(model: AuxiliaryModel, scale: number, stream: Stream): AuxiliaryModel {
  const size = model.coefficientNames.length
  const scales = Float64Array.from({ length: size }, (_, k) => (k === 0 ? scale : INTERACTION_SHARE * scale))
  const trials = model.trials.map(({ positions, estimate, covariance }) => ({
    positions,
    estimate: Float64Array.from(estimate),
    covariance: Float64Array.from(covariance),
  }))
  const draws = diagonalHeterogeneityDraws(trials, { scales, ...SWEEPS }, stream)
  const tau = Array.from({ length: SWEEPS.drawCount }, (_, draw) => [...draws.subarray(draw * size, (draw + 1) * size)])
  return { ...model, tau }
}

/**
 * c' V_j d of one trial.
 * @param left c, `[own]`
 * @param right d, `[own]`
 */
export function auxiliaryCovariance({ covariance }: AuxiliaryTrial, left: Float64Array, right: Float64Array): number {
  const size = left.length
  let sum = 0
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) sum += left[i] * covariance[i * size + j] * right[j]
  return sum
}

/**
 * c' T d in every draw of tau, `[draw]`.
 * @param products c_k d_k, `[coefficient]`
 */
export function heterogeneityOf({ tau = [] }: AuxiliaryModel, products: Float64Array): Float64Array {
  const out = new Float64Array(tau.length)
  for (let draw = 0; draw < out.length; draw++) {
    const row = tau[draw]
    for (let k = 0; k < row.length; k++) out[draw] += products[k] * row[k] * row[k]
  }
  return out
}
