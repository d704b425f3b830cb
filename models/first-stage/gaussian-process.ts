/**
 * Gaussian process regression of one trial, an additive prognostic and treatment part:
 *
 *     y_i = alpha + beta' x_i + m(x_i) + (t_i - e) {delta + gamma' z_i + g(z_i)} + error_i
 *
 * x: prognostic covariates, z: effect modifiers, e: share allocated to treatment, m and g smooth random functions with a length scale for each
 * covariate. The effect of a person is delta + gamma' z + g(z). Centring treatment at its known allocation makes the two parts nearly
 * orthogonal, so that a misfit of the first does not leak into the second (Hahn, Murray and Carvalho 2020, 10.1214/19-BA1195). Coefficients and
 * functions have normal priors and are integrated out, y ~ N(0, K); what is left to sample are length scales, amplitudes and the residual
 * standard deviation. Exact, at a cost of n^3 per evaluation (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, ch. 2
 * and 5), up to `mostPatients`; beyond, m and g are sums of functions of one and of two covariates in a fixed basis (`src/numeric/cosine-basis.ts`), at a cost that
 * does not depend on n. Indicator columns enter as the numbers that they are.
 */

import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../src/contract/distribution.js'
import type { FirstStageModel, SuggestedSampling } from '../../src/contract/first-stage-model.js'
import type { Model } from '../../src/contract/model.js'
import { halfStudentT } from '../../src/distributions/half-student-t.js'
import { lognormal } from '../../src/distributions/lognormal.js'
import { shiftedLognormal } from '../../src/distributions/shifted-lognormal.js'
import type { Dimension } from '../../src/draws/draws.js'
import { multivariateNormalLogProbability } from '../../src/engine/operations.js'
import { model } from '../../src/language/model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { choleskyInPlace } from '../../src/numeric/cholesky.js'
import { outcomeCovariance } from '../../src/numeric/effect-function.js'
import { drawMultivariateNormal } from '../../src/random/multivariate-normal.js'
import {
  type BasisData,
  type BasisOptions,
  basisData,
  basisOptions,
  simulateInBasis,
  withBasisOutcome,
} from './shared/gaussian-process-basis.js'
import { tracedBasisLikelihood } from './shared/gaussian-process-basis-likelihood.js'
import { type GaussianProcessData, gaussianProcessData, hyperParameters, isLarge } from './shared/gaussian-process-data.js'
import { gaussianProcessEffects } from './shared/gaussian-process-effects.js'
import { tracedCovariance } from './shared/gaussian-process-exact.js'
import { describeGaussianProcess, type GaussianProcessOptions, optionsSchema } from './shared/gaussian-process-options.js'
import { gaussianProcessOutcomes } from './shared/gaussian-process-outcomes.js'
import { requireVariedOutcome, trialCautions } from './shared/trial-cautions.js'

function parameterPriors(
  options: GaussianProcessOptions,
  { covariate, modifier }: Pick<GaussianProcessData, 'covariate' | 'modifier'>,
): Record<string, Prior> {
  const { prognostic, effect, structure } = options
  const prior = ({ median, spread }: { median: number; spread: number }, shape: readonly Dimension[] = []) =>
    lognormal(Math.log(median), spread, { shape })
  const lengthScale = ({ shortest, ...rest }: GaussianProcessOptions['effect']['lengthScale'], dimension: Dimension) =>
    shortest === 0
      ? prior(rest, [dimension])
      : shiftedLognormal(shortest, Math.log(rest.median - shortest), rest.spread, { shape: [dimension] })
  const hasPairs = ({ labels }: Dimension) => structure === 'pairwise' && labels.length > 1
  return {
    sigma: halfStudentT(3, 0, options.residualScale),
    ...(covariate.labels.length > 0 && {
      slopeScale: prior(prognostic.slope),
      amplitude: prior(prognostic.amplitude),
      ...(hasPairs(covariate) && { pairAmplitude: prior(prognostic.pairAmplitude) }),
      lengthScale: lengthScale(prognostic.lengthScale, covariate),
    }),
    ...(modifier.labels.length > 0 && {
      effectSlopeScale: prior(effect.slope),
      effectAmplitude: prior(effect.amplitude),
      ...(hasPairs(modifier) && { effectPairAmplitude: prior(effect.pairAmplitude) }),
      effectLengthScale: lengthScale(effect.lengthScale, modifier),
    }),
  }
}

/** The exact model with these options as a value of the model language. The whole trial is one observation: patients are not independent given the parameters. */
export function gaussianProcessModel(options: GaussianProcessOptions) {
  return model({
    name: 'gaussian-process',
    parameters: (data: GaussianProcessData): Record<string, Prior> => parameterPriors(options, data),
    logLikelihood: (values, data) =>
      tf.reshape(multivariateNormalLogProbability(data.outcome, tracedCovariance(options, values, data)), [1]),
    simulate: (stream, values, data) => {
      const factor = outcomeCovariance(hyperParameters(options, values), data)
      choleskyInPlace(factor, data.patientCount)
      return drawMultivariateNormal(stream, new Float64Array(data.patientCount), factor)
    },
    outcome: ({ outcome }) => outcome,
    withOutcome: (data, outcome) => ({ ...data, outcome }),
  })
}

/** The same in a fixed basis. */
export function gaussianProcessInBasis(options: BasisOptions) {
  return model({
    name: 'gaussian-process',
    parameters: (data: BasisData): Record<string, Prior> => parameterPriors(options, data),
    logLikelihood: (values, data) => tf.reshape(tracedBasisLikelihood(options, values, data), [1]),
    simulate: (stream, values, data) => simulateInBasis(stream, options, values, data),
    outcome: ({ outcome }) => outcome,
    withOutcome: (data, outcome) => withBasisOutcome(options, data, outcome),
  })
}

/**
 * Chains as long as about 10,000 evaluations at 270 patients cost, some 30 seconds of one busy processor, for trials where that is between 100 and 2000 draws per chain: trials of 100
 * patients, whose posteriors have several modes most often, can have long chains. Starts are drawn from the prior, which is informative.
 */
function chainsFor(options: GaussianProcessOptions, patientCount = USUAL_PATIENTS): SuggestedSampling {
  if (options.algorithm === 'nuts') return {}
  const cost = isLarge(patientCount, options) ? BASIS_PATIENTS : patientCount
  const ratio = USUAL_PATIENTS / cost
  const draws = Math.round(Math.min(2000, Math.max(100, 400 * ratio * ratio * ratio)))
  return { algorithm: 'hmc', start: 'prior', climb: true, warmup: Math.min(300, Math.max(50, Math.round(draws / 4))), draws }
}

/** Of static trajectories: a fifth fewer evaluations than 0.8 for as many effective draws (src/decisions/0029). */
const STATIC_ACCEPTANCE = 0.7
const USUAL_PATIENTS = 270
/** Patients of whom the exact form costs what the basis costs with nine covariates. */
const BASIS_PATIENTS = 600

/** An evaluation costs n^3; hyper-parameters need few draws, since effects given them are drawn exactly. */
const APPROXIMATION = { draws: 500, proposals: 2000, fallback: 'nuts' } as const

export const firstStageModel: FirstStageModel<GaussianProcessOptions, GaussianProcessData> = {
  name: 'gaussian-process',
  summary: 'Gaussian processes for prognosis and effect beside their linear parts; effects of any smooth shape',
  targetAcceptance: ({ algorithm }) => (algorithm === 'nuts' ? 0.8 : STATIC_ACCEPTANCE),
  sampling: chainsFor,
  cautions: trialCautions,
  isJointLikelihood: true,
  predictsFromPatients: true,
  approximation: ({ algorithm }) =>
    algorithm === 'pathfinder' || algorithm === 'laplace' ? { algorithm, ...APPROXIMATION } : undefined,
  parseOptions: (raw) => parseOptions('firstStage', 'model', optionsSchema, raw),
  describe: describeGaussianProcess,
  condition(trial, options) {
    requireVariedOutcome(trial)
    if (!isLarge(trial.outcome.length, options))
      return { model: gaussianProcessModel(options), data: gaussianProcessData(trial, options) }
    const used = basisOptions(options)
    const inBasis: unknown = gaussianProcessInBasis(used)
    // a model goes with the data beside it; the contract has one type of data for all trials
    return { model: inBasis as Model<GaussianProcessData>, data: basisData(trial, used) }
  },
  effects: gaussianProcessEffects,
  outcomes: gaussianProcessOutcomes,
}
