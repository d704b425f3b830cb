/**
 * The first stage's prior taken out of a trial's posterior, so that it does not count once for each trial: of a normal posterior N(b, S) under a prior with mean m
 * and precision Q, what the data alone say is N(b', S') with
 *
 *     S'^-1 = S^-1 - Q,   S'^-1 b' = S^-1 b - Q m
 *
 * and of draws, weights proportional to 1 / prior density (METHOD: importance reweighting to a flat prior).
 */
import type { EffectPrior, TrialEstimate } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { choleskyInPlace } from '../../../src/numeric/cholesky.js'
import { invertPositiveDefinite } from '../../../src/numeric/positive-definite.js'

type NormalPrior = Extract<EffectPrior, { readonly kind: 'normal' }>

/**
 * The normal prior to take out; none when it is flat.
 * @throws DataError when the first stage does not say what its prior is, or it is not normal.
 */
export function priorToDivideOut({ study, prior }: TrialEstimate): NormalPrior | undefined {
  if (prior?.kind === 'flat') return undefined
  if (prior?.kind === 'normal') return prior
  throw new DataError({
    problem: `the first stage's prior cannot be divided out of the posterior of trial "${study}"`,
    reason: prior
      ? `it has ${prior.description}, which is not a normal density of known mean and covariance`
      : 'the first stage does not say what prior its coefficients have',
    remedy:
      'Fit the trials with a flat or normal prior and shrink the pooled interactions instead: `firstStage: { prior: flat }`, `secondStage: { prior: laplace }`; or keep the prior in, `firstStagePrior: keep`.',
  })
}

/**
 * The estimate that a flat prior would have given, were the posterior normal.
 * @throws DataError when the prior cannot be taken out, or is as precise as the posterior in some direction.
 */
export function withoutPrior(trial: TrialEstimate): TrialEstimate {
  const prior = priorToDivideOut(trial)
  if (!prior) return trial
  const size = trial.estimate.length
  const precision = invertPositiveDefinite(trial.covariance, size)
  const remaining = precision.map((value, index) => value - prior.precision[index])
  if (!choleskyInPlace(remaining.slice(), size)) refuse(trial.study)
  const covariance = invertPositiveDefinite(remaining, size)
  const weighted = times(precision, trial.estimate).map((value, row) => value - times(prior.precision, prior.mean)[row])
  return { ...trial, covariance, estimate: times(covariance, weighted), prior: { kind: 'flat' } }
}

/** -log prior density at each draw, up to a constant. `[draw]` */
export function priorLogRatios(draws: Float64Array, size: number, prior: NormalPrior): Float64Array {
  return Float64Array.from({ length: draws.length / size }, (_, draw) => {
    const distance = prior.mean.map((centre, row) => draws[draw * size + row] - centre)
    const weighted = times(prior.precision, distance)
    return distance.reduce((sum, value, row) => sum + 0.5 * value * weighted[row], 0)
  })
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length
  return vector.map((_, row) => vector.reduce((sum, value, column) => sum + matrix[row * size + column] * value, 0))
}

function refuse(study: string): never {
  throw new DataError({
    problem: `the first stage's prior cannot be divided out of the posterior of trial "${study}"`,
    reason: 'in some direction the posterior is no more precise than the prior: the data of this trial say nothing there',
    remedy: 'Leave the trial out, use fewer covariates, or keep the prior in: `firstStagePrior: keep`.',
  })
}
