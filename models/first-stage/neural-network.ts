/**
 * Bayesian neural networks for one trial, a prognostic and a treatment part:
 *
 *     y_i = alpha + beta' x_i + F(x_i) + (t_i - e) {delta + gamma' z_i + G(z_i)} + error_i
 *
 * F and G are networks with a scale for each input and one for the output (`shared/network.ts`); where the output scale of G is near 0 the effect
 * is linear, where that of gamma is near 0 too it is constant. With `form: 's-learner'` one network of modifiers and treatment stands in place of
 * F and G (`shared/effect-regression.ts`).
 */
import { z } from 'zod'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { type EffectRegression, mostFeatures } from './shared/effect-design.js'
import { approximationOf, describeRegression, regressionOptions, samplingOf, TARGET_ACCEPTANCE } from './shared/effect-options.js'
import { identifiedDraws, regressionEffects, regressionOutcomes } from './shared/effect-predictions.js'
import { effectRegressionModel } from './shared/effect-regression.js'
import { describeNetwork, network } from './shared/network.js'
import { type RegressionData, regressionData } from './shared/regression-data.js'
import { trialCautions } from './shared/trial-cautions.js'

/**
 * Of one network; scales are those of half-normal priors, of the output in reference standard deviations of the outcome. With eight units, a function of six standardised covariates has a standard
 * deviation of 0.4 of the output scale in the prior median, and its part that is not linear one of a sixth (src/decisions/0029).
 */
const networkSchema = (width: number, outputScale: number) =>
  z
    .strictObject({
      /** Units in each hidden layer. Arbitrary: the prior of the function hardly depends on it (Neal 1996). */
      width: z.int().min(1).max(200).default(width),
      /** Hidden layers. */
      depth: z.int().min(1).max(4).default(1),
      /** Of the weights of each input. With 2, units are steps more often than bends, with which small trials explain noise (src/decisions/0029). */
      inputScale: z.number().positive().default(1),
      outputScale: z.number().positive().default(outputScale),
    })
    .prefault({})

const optionsSchema = z.strictObject({
  ...regressionOptions,
  activation: z.enum(['tanh', 'softplus', 'swish']).default('tanh'),
  /** The only network when `form` is `s-learner`. */
  prognostic: networkSchema(16, 4),
  /** Half the prognostic output scale. Both make the prior medians of the functions' standard deviations a little less than those of Bayesian causal forests, 2 and 1 (Hahn, Murray and Carvalho 2020, 10.1214/19-BA1195). */
  effect: networkSchema(8, 2),
})
export type NeuralNetworkOptions = z.infer<typeof optionsSchema>

function regression(options: NeuralNetworkOptions): EffectRegression {
  const { activation, prognostic, effect } = options
  return {
    name: 'neural-network',
    options,
    prognostic: network({ ...prognostic, activation }),
    effect: network({ ...effect, activation }),
  }
}

export const firstStageModel: FirstStageModel<NeuralNetworkOptions, RegressionData> = {
  name: 'neural-network',
  summary: 'Bayesian neural networks for prognosis and effect beside their linear parts',
  targetAcceptance: () => TARGET_ACCEPTANCE,
  sampling: samplingOf,
  cautions: trialCautions,
  isJointLikelihood: true,
  approximation: approximationOf,
  featureCount: (options) => mostFeatures(regression(options)),
  parseOptions: (raw) => parseOptions('firstStage', 'model', optionsSchema, raw),
  describe: (options) => {
    const { activation, prognostic, effect } = options
    return describeRegression(options, {
      prognostic: describeNetwork({ ...prognostic, activation }),
      effect: describeNetwork({ ...effect, activation }),
    })
  },
  condition: (trial, options) => ({
    model: effectRegressionModel(regression(options)),
    data: regressionData(trial, options.allocation),
  }),
  effects: (draws, trial, options) => regressionEffects(regression(options), draws, regressionData(trial, options.allocation)),
  outcomes: (draws, trial, options) =>
    regressionOutcomes(regression(options), draws, regressionData(trial, options.allocation), trial.columns),
  identified: (draws, trial, options, people) =>
    identifiedDraws(regression(options), draws, regressionData(trial, options.allocation), people),
}
