/**
 * Lasso regression of one trial: interactions penalised, all else free. Draws are refits to bootstrap samples, so that effects have intervals; there is no
 * covariance of coefficients to pool: the estimates are biased towards 0 and partly exactly 0, their distribution is not normal, and the bootstrap does not
 * estimate it consistently where a coefficient is 0 (Knight and Fu 2000, DOI 10.1214/aos/1015957397; Chatterjee and Lahiri 2011,
 * DOI 10.1198/jasa.2011.tm10159). `condition` gives the model whose mode the lasso is: gamma_k ~ Laplace(0, sigma^2 / (n lambda)) at the estimated sigma.
 */
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import type { TrialDesign } from '../../src/contract/trial.js'
import { coefficientEffects } from '../../src/effects/coefficient-effects.js'
import { coefficientOutcomes } from '../../src/effects/coefficient-outcomes.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { penalisedRegression } from '../../src/numeric/penalised-regression.js'
import { coefficientVariables } from './shared/coefficient-variables.js'
import { lassoBootstrap, residualDeviation } from './shared/lasso-bootstrap.js'
import { type LinearData, linearData } from './shared/linear-data.js'
import { linearModel } from './shared/linear-model.js'
import { type LinearOptions, parseLinearOptions } from './shared/linear-options.js'
import { chosenPenalty, describePenalty, type PenaltyOptions, penalisedProblem, penaltyOptionsSchema } from './shared/penalty.js'
import { regressionDraws } from './shared/regression-draws.js'

export const firstStageModel: FirstStageModel<PenaltyOptions, LinearData> = {
  name: 'lasso',
  isFrequentist: true,
  summary: 'lasso regression: interactions shrunk, some to 0, by a penalty that is given or cross-validated; effects only',
  targetAcceptance: () => 0.95,
  parseOptions: (raw) => parseOptions('firstStage', 'model', penaltyOptionsSchema, raw),
  describe: (options) =>
    `lasso regression of the outcome on covariates, treatment and treatment-covariate interactions, the interactions with ${describePenalty(options)}; draws are refits to bootstrap samples of the patients with the same penalty (a bootstrap distribution of a biased estimate, not a posterior)`,
  condition: (trial, options) => ({ model: linearModel(twin(trial, options)), data: linearData(trial) }),
  exact: (trial, options, request) =>
    regressionDraws(trial, lassoBootstrap(trial, chosenPenalty(trial, 'lasso', options)), request),
  withoutEstimate:
    'lasso estimates have no covariance that pooling could use: they are biased towards 0, some are exactly 0, and neither formula nor bootstrap gives their distribution',
  effects: (draws, trial) => coefficientEffects(draws, coefficientVariables(trial)),
  outcomes: coefficientOutcomes,
}

/** The linear model of which the lasso estimate is the posterior mode, sigma at its estimate. */
function twin(trial: TrialDesign, options: PenaltyOptions): LinearOptions {
  const lambda = chosenPenalty(trial, 'lasso', options)
  const problem = penalisedProblem(trial, 'lasso')
  const sigma = residualDeviation(problem, penalisedRegression(problem).solve(lambda))
  const scale = Math.max(sigma * sigma, Number.MIN_VALUE) / (trial.outcome.length * lambda)
  const linear = parseLinearOptions({ prior: { name: 'laplace', scale, isLearned: false }, residual: { family: 'reference' } })
  const free = Number.POSITIVE_INFINITY
  return { ...linear, scales: { intercept: free, prognostic: free, treatment: free } }
}
