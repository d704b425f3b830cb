/**
 * Sums of soft trees for one trial, a prognostic and a treatment part:
 *
 *     y_i = alpha + beta' x_i + F(x_i) + (t_i - e) {delta + gamma' z_i + G(z_i)} + error_i
 *
 * F and G are sums of soft trees (`shared/soft-trees.ts`); those of G are fewer and smaller, as in Bayesian causal forests (Hahn, Murray and
 * Carvalho 2020, 10.1214/19-BA1195), so that effects differ only where the data ask for it. With `form: 's-learner'` one sum of trees of modifiers
 * and treatment stands in place of F and G (`shared/effect-regression.ts`).
 */
import { z } from 'zod'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { type EffectRegression, mostFeatures } from './shared/effect-design.js'
import { approximationOf, describeRegression, regressionOptions, samplingOf, TARGET_ACCEPTANCE } from './shared/effect-options.js'
import { identifiedDraws, regressionEffects, regressionOutcomes } from './shared/effect-predictions.js'
import { effectRegressionModel } from './shared/effect-regression.js'
import { type RegressionData, regressionData } from './shared/regression-data.js'
import { describeSoftTrees, softTrees } from './shared/soft-trees.js'
import { trialCautions } from './shared/trial-cautions.js'

/** Of one ensemble; the scale in reference standard deviations of the outcome, bandwidths per scale unit of the covariates. */
const ensembleSchema = (trees: number, scale: number) =>
  z
    .strictObject({
      /** Arbitrary: fewer than the 50 to 200 that BART grows with a sampler of its own, each decision costing time at every step. 6 and 3 did as well on simulated trials as 10 and 5, at half the cost. */
      trees: z.int().min(1).max(200).default(trees),
      /** Levels of decisions; 2 are what a product of two covariates needs. */
      depth: z.int().min(1).max(5).default(2),
      /** A node on level d has children with probability base (1 + d)^-power (Chipman, George and McCulloch 2010). */
      base: z.number().positive().max(1).default(0.95),
      power: z.number().nonnegative().default(2),
      /** Of the half-normal prior of the scale of the ensemble; the function of six standardised covariates has 0.3 times it as standard deviation in the prior median. */
      scale: z.number().positive().default(scale),
      /** Of a lognormal prior. The median is the 0.1 of Linero and Yang for covariates spread evenly over (0, 1); the spread is arbitrary. */
      bandwidth: z
        .strictObject({ median: z.number().positive().default(0.35), spread: z.number().positive().default(0.3) })
        .prefault({}),
      /** Standard deviation of the logits by which a decision chooses covariates. Arbitrary: with 3, one of ten often has most of the weight. */
      selection: z.number().positive().default(3),
      /** `sparse`: all decisions share importances of covariates, most of which are near 0 (Linero 2018, 10.1080/01621459.2016.1264957). */
      choice: z.enum(['independent', 'sparse']).default('independent'),
      /** Of the sparse choice; 1 is what Linero calls a strong preference for few covariates. */
      concentration: z.number().positive().default(1),
    })
    .prefault({})

const optionsSchema = z.strictObject({
  ...regressionOptions,
  /** The only ensemble when `form` is `s-learner`. */
  prognostic: ensembleSchema(6, 6),
  /** Half the prognostic scale. Both make the prior medians of the functions' standard deviations about those of Hahn, Murray and Carvalho (2020), 2 and 1 (src/decisions/0029). */
  effect: ensembleSchema(3, 3),
})
export type TreeEnsembleOptions = z.infer<typeof optionsSchema>

function regression(options: TreeEnsembleOptions): EffectRegression {
  return { name: 'tree-ensemble', options, prognostic: softTrees(options.prognostic), effect: softTrees(options.effect) }
}

export const firstStageModel: FirstStageModel<TreeEnsembleOptions, RegressionData> = {
  name: 'tree-ensemble',
  summary: 'sums of soft trees for prognosis and effect beside their linear parts',
  targetAcceptance: () => TARGET_ACCEPTANCE,
  sampling: samplingOf,
  cautions: trialCautions,
  isJointLikelihood: true,
  approximation: approximationOf,
  featureCount: (options) => mostFeatures(regression(options)),
  parseOptions: (raw) => parseOptions('firstStage', 'model', optionsSchema, raw),
  describe: (options) =>
    describeRegression(options, {
      prognostic: describeSoftTrees(options.prognostic),
      effect: describeSoftTrees(options.effect),
    }),
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
