/**
 * Linear regression of one trial with all treatment-covariate interactions:
 *
 *     y_i = alpha + beta' x_i + delta t_i + gamma' (t_i z_i) + error_i
 *
 * x: prognostic covariates, z: effect modifiers, both scaled by the protocol; the treatment effect of a person is delta + gamma' z. With flat
 * priors on the coefficients the posterior mean is the least-squares estimate; priors that shrink act on gamma. With normal errors of one
 * variance the likelihood depends on the data through D'D, D'y and y'y only, so its cost does not grow with the number of patients (Gelman et
 * al. 2013, Bayesian Data Analysis, 3rd ed., ch. 14); coefficients whose priors are scale mixtures of normals are then integrated out, and chains move in
 * sigma and the scales alone.
 */
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import { coefficientMoments } from '../../src/draws/coefficient-moments.js'
import type { Draws } from '../../src/draws/draws.js'
import { coefficientEffects } from '../../src/effects/coefficient-effects.js'
import { coefficientOutcomes } from '../../src/effects/coefficient-outcomes.js'
import { treatmentCoefficientNames } from '../../src/numeric/trial-regression.js'
import { chosenPrior } from '../coefficient-priors.js'
import { coefficientVariables } from './shared/coefficient-variables.js'
import { linearCautions } from './shared/linear-cautions.js'
import { integratesCoefficients } from './shared/linear-coefficients.js'
import { type LinearData, linearData } from './shared/linear-data.js'
import { linearEffectPrior } from './shared/linear-effect-prior.js'
import { exactLinearDraws } from './shared/linear-exact.js'
import { linearModel } from './shared/linear-model.js'
import { describeLinear, type LinearOptions, parseLinearOptions } from './shared/linear-options.js'
import { requireFittable } from './shared/require-fittable.js'

/** Of sigma and the scales of coefficients, whatever their prior: without the coefficients there is no funnel (src/decisions/0027). */
const SCALES_TARGET_ACCEPTANCE = 0.9

export const firstStageModel: FirstStageModel<LinearOptions, LinearData> = {
  name: 'linear',
  summary: 'linear regression with all treatment-covariate interactions; flat priors, or priors that shrink the interactions',
  targetAcceptance: (options) =>
    integratesCoefficients(options) ? SCALES_TARGET_ACCEPTANCE : chosenPrior(options.prior).prior.targetAcceptance,
  parseOptions: parseLinearOptions,
  describe: describeLinear,
  condition: (trial, options) => {
    requireFittable(trial, options)
    return { model: linearModel(options), data: linearData(trial) }
  },
  exact: (trial, options, request) => {
    requireFittable(trial, options)
    return exactLinearDraws(trial, options, request)
  },
  cautions: linearCautions,
  estimate: (draws: Draws, trial) => ({
    study: trial.study,
    patientCount: trial.outcome.length,
    coefficientNames: treatmentCoefficientNames(trial),
    ...coefficientMoments(draws, coefficientVariables(trial)),
  }),
  effectPrior: linearEffectPrior,
  effects: (draws, trial) => coefficientEffects(draws, coefficientVariables(trial)),
  outcomes: coefficientOutcomes,
}
