import type { TrialDesign } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { trialRegressionDesign } from '../../../src/numeric/trial-regression.js'

/**
 * What flat priors and least squares need of a trial.
 * @throws DataError when the trial does not determine all coefficients or leaves no patient over for the residual variance.
 */
export function requireLeastSquares(trial: TrialDesign): void {
  const { values, coefficientCount } = trialRegressionDesign(trial)
  const { rank, degreesOfFreedom } = ordinaryLeastSquares(values, trial.outcome)
  if (rank === coefficientCount && degreesOfFreedom > 0) return
  throw new DataError({
    problem: `trial "${trial.study}" does not determine all coefficients of a regression without prior information`,
    reason: `${coefficientCount} coefficients, of which its ${trial.outcome.length} patients determine ${rank} and leave ${Math.max(degreesOfFreedom, 0)} degrees of freedom`,
    remedy:
      'Give the coefficients a proper prior, such as firstStage: { model: linear, prior: { name: normal, scale: 1 } }, leave covariates out, or leave the trial out.',
  })
}
