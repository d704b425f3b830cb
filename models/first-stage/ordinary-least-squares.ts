/**
 * Ordinary least squares of one trial with all treatment-covariate interactions: estimates, covariance s^2 (D'D)^-1, and draws for effects from the
 * multivariate t distribution that its confidence intervals come from. That is a confidence distribution (Schweder and Hjort 2016, Confidence, Likelihood,
 * Probability, DOI 10.1017/CBO9781139046671); it equals the posterior under flat priors and 1 / sigma (Gelman et al. 2013, section 14.2), which `condition`
 * gives as a model.
 */
import { z } from 'zod'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import { coefficientEffects } from '../../src/effects/coefficient-effects.js'
import { coefficientOutcomes } from '../../src/effects/coefficient-outcomes.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { trialEstimateByLeastSquares } from '../../src/numeric/trial-regression.js'
import { coefficientVariables } from './shared/coefficient-variables.js'
import { type LinearData, linearData } from './shared/linear-data.js'
import { exactLinearDraws } from './shared/linear-exact.js'
import { linearModel } from './shared/linear-model.js'
import { parseLinearOptions } from './shared/linear-options.js'
import { requireLeastSquares } from './shared/require-least-squares.js'

const twin = parseLinearOptions({ prior: 'flat', residual: { family: 'reference' } })

export const firstStageModel: FirstStageModel<Record<string, never>, LinearData> = {
  name: 'ordinary-least-squares',
  isFrequentist: true,
  summary: 'least squares with all treatment-covariate interactions; confidence distributions instead of posteriors',
  targetAcceptance: () => 0.8,
  parseOptions: (raw) => parseOptions('firstStage', 'model', z.strictObject({}), raw) as Record<string, never>,
  describe: () =>
    'ordinary least squares of the outcome on covariates, treatment and treatment-covariate interactions; draws are from the t distribution of the estimates (a confidence distribution, not a posterior), and coefficients are pooled with their least-squares covariance',
  condition: (trial) => {
    requireLeastSquares(trial)
    return { model: linearModel(twin), data: linearData(trial) }
  },
  exact: (trial, _, request) => {
    requireLeastSquares(trial)
    return exactLinearDraws(trial, twin, request)
  },
  estimate: (_, trial) => trialEstimateByLeastSquares(trial),
  effectPrior: () => ({ kind: 'flat' }),
  effects: (draws, trial) => coefficientEffects(draws, coefficientVariables(trial)),
  outcomes: coefficientOutcomes,
}
