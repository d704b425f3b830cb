/**
 * Ridge regression of one trial: interactions penalised, all else free. Given the penalty lambda it is the posterior mode and mean under
 * gamma_k ~ N(0, sigma^2 / (n lambda)) with flat priors on the others and 1 / sigma, and that posterior (a matrix-t, conjugate) gives covariance and draws: the
 * convention of penalised regression splines, whose intervals cover on average over coefficients (Nychka 1988, DOI 10.1080/01621459.1988.10478711), unlike the
 * sampling covariance, which leaves out the bias. What the choice of lambda adds to the uncertainty is left out.
 */
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import type { TrialDesign } from '../../src/contract/trial.js'
import { coefficientMoments } from '../../src/draws/coefficient-moments.js'
import { coefficientEffects } from '../../src/effects/coefficient-effects.js'
import { coefficientOutcomes } from '../../src/effects/coefficient-outcomes.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { treatmentCoefficientNames } from '../../src/numeric/trial-regression.js'
import { coefficientVariables } from './shared/coefficient-variables.js'
import { type LinearData, linearData } from './shared/linear-data.js'
import { exactLinearDraws } from './shared/linear-exact.js'
import { linearModel } from './shared/linear-model.js'
import { type LinearOptions, parseLinearOptions } from './shared/linear-options.js'
import { chosenPenalty, describePenalty, type PenaltyOptions, penaltyOptionsSchema } from './shared/penalty.js'

export const firstStageModel: FirstStageModel<PenaltyOptions, LinearData> = {
  name: 'ridge',
  isFrequentist: true,
  summary: 'ridge regression: interactions shrunk by a penalty that is given or cross-validated',
  targetAcceptance: () => 0.8,
  parseOptions: (raw) => parseOptions('firstStage', 'model', penaltyOptionsSchema, raw),
  describe: (options) =>
    `ridge regression of the outcome on covariates, treatment and treatment-covariate interactions, the interactions with ${describePenalty(options)}; draws are from the normal-inverse-gamma posterior given the penalty, whose mean is the ridge estimate`,
  condition: (trial, options) => ({ model: linearModel(twin(trial, options)), data: linearData(trial) }),
  exact: (trial, options, request) => exactLinearDraws(trial, twin(trial, options), request),
  estimate: (draws, trial) => ({
    study: trial.study,
    patientCount: trial.outcome.length,
    coefficientNames: treatmentCoefficientNames(trial),
    ...coefficientMoments(draws, coefficientVariables(trial)),
  }),
  effectPrior: (_, options) => ({
    kind: 'shrinking',
    description: `a ridge penalty, which is a normal prior relative to the residual standard deviation, with ${describePenalty(options)}`,
  }),
  effects: (draws, trial) => coefficientEffects(draws, coefficientVariables(trial)),
  outcomes: coefficientOutcomes,
}

/** The linear model of which the ridge estimate is the posterior mean. */
function twin(trial: TrialDesign, options: PenaltyOptions): LinearOptions {
  const scale = 1 / Math.sqrt(trial.outcome.length * chosenPenalty(trial, 'ridge', options))
  const linear = parseLinearOptions({ prior: { name: 'normal', scale, isRelative: true }, residual: { family: 'reference' } })
  const free = Number.POSITIVE_INFINITY
  return { ...linear, scales: { intercept: free, prognostic: free, treatment: free } }
}
