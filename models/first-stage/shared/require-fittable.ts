import type { TrialDesign } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { trialRegression } from '../../../src/numeric/trial-regression.js'
import { chosenPrior } from '../../coefficient-priors.js'
import type { LinearOptions } from './linear-options.js'
import { requireLeastSquares } from './require-least-squares.js'

/** Residuals below this share of the outcome's root mean square are rounding error. */
const PERFECT_FIT = 1e-10

/**
 * Refuses a trial whose posterior would be improper.
 * @throws DataError for flat priors on a design that does not determine all coefficients, and for an outcome that is fitted without error.
 */
export function requireFittable(trial: TrialDesign, options: LinearOptions): void {
  const { outcome, study } = trial
  if (chosenPrior(options.prior).prior.name === 'flat') requireLeastSquares(trial)
  const { residualVariance } = trialRegression(trial)
  const meanSquare = outcome.reduce((sum, value) => sum + value * value, 0) / outcome.length
  const isConstant = outcome.every((value) => value === outcome[0])
  if (!isConstant && !(residualVariance <= PERFECT_FIT ** 2 * meanSquare)) return
  throw new DataError({
    problem: `trial "${study}": ${isConstant ? 'the outcome is the same for all patients' : 'the regression fits the outcome without error'}`,
    reason: 'the residual standard deviation would be 0, and its posterior cannot be normalised',
    remedy: 'Check the outcome of this trial, or leave it out (trials.include).',
  })
}
