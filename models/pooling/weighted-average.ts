/**
 * Weighted average of the effects that the trials' own models predict for a person with covariates x:
 *
 *     effect(x) = sum_j w_j(x) m_j(x),   w_j(x) proportional to 1 / {v_j(x) + tau^2(x)}
 *
 * m_j: posterior mean in trial j, of any first stage. v_j(x): the variance of the effect in an auxiliary least-squares regression of the trial, over refits
 * to bootstrap samples, or in the posterior; or weights by size, or equal ones. tau^2(x): differences between trials in this person's effect.
 * With `heterogeneity: none` these are the weights of Mainetti et al. 2026 (Research Square rs-9422615), whose point estimates are sound where trials are
 * alike and whose intervals are far too narrow where they are not.
 *
 * The trials' posteriors count as normal, see `src/effects/combine-effects.ts`. With weights that vary over x, part of the slope of the average is a move from trial
 * to trial where these differ in case mix: equal or size weights and `components: separate` are free of that, and the aggregation-leak check says
 * when it matters.
 */
import { z } from 'zod'
import type { EffectPoolingMethod } from '../../src/contract/pooling-method.js'
import { combineEffects } from '../../src/effects/combine-effects.js'
import { parseOptions } from '../../src/language/parse-options.js'
import {
  combinationOptions,
  describeComponents,
  describeHeterogeneity,
  describeWeights,
  variesOverPeople,
} from './shared/effect-pooling-options.js'
import { type CombinationPreparation, combinationNeeds, prepareCombination } from './shared/prepare-combination.js'

const optionsSchema = z.strictObject({
  weights: z.enum([...variesOverPeople, 'size', 'equal']).default('auxiliary'),
  ...combinationOptions,
})
export type WeightedAverageOptions = z.infer<typeof optionsSchema>

export const poolingMethod: EffectPoolingMethod<WeightedAverageOptions, CombinationPreparation> = {
  name: 'weighted-average',
  takes: 'effects',
  summary: "weighted average, person by person, of the effects that the trials' own models predict, of any first stage",
  parseOptions: (raw) => parseOptions('secondStage', 'method', optionsSchema, raw),
  describe: (options) =>
    `a weighted average, for each person, of the effects that the trials' own models predict, with ${describeWeights(options)} and ${describeHeterogeneity(options)}${describeComponents(options)}`,
  needs: combinationNeeds,
  prepare: prepareCombination,
  pool: (trials, options, request, { auxiliary }) =>
    combineEffects(trials, { ...options, posteriors: 'normal', newSetting: 'random-effects' }, request, auxiliary),
}
