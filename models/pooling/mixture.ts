/**
 * Weighted mixing of the trials' posteriors of the effect of a person with covariates x,
 *
 *     p(effect | x) = sum_j w_j(x) p_j(effect | x, data of trial j),
 *
 * a distribution over trials: one of the trials, drawn with its weight, and what it says. It does not contract as trials are added. With inverse-variance weights its variance is
 * V {J + Q(x)}, where V is that of the weighted average and Q(x) Cochran's statistic; so it is no posterior of the average effect, and for a new setting it knows the
 * trials at hand only: the next of J + 1 exchangeable trials lies between the least and the greatest of the others with probability (J - 1) / (J + 1).
 *
 * The average setting is therefore sum_j w_j theta_j with theta_j drawn from the posteriors of the trials, of whatever shape, and the differences between trials added. A new
 * setting comes from the random-effects distribution around it, or with `newSetting: mixture` from the mixture; the variable `mixture` holds the latter in
 * any case. Weights are those of the weighted average, or stacking weights (`src/effects/stacking.ts`).
 */
import { z } from 'zod'
import type { EffectPoolingMethod } from '../../src/contract/pooling-method.js'
import type { CombinationOptions } from '../../src/effects/combination-options.js'
import { combineEffects } from '../../src/effects/combine-effects.js'
import { type StackingParameters, stackedWeights, stackingParameters } from '../../src/effects/stacking.js'
import { stackingProblem } from '../../src/effects/stacking-problem.js'
import { parseOptions } from '../../src/language/parse-options.js'
import {
  combinationOptions,
  describeComponents,
  describeHeterogeneity,
  describeWeights,
  variesOverPeople,
} from './shared/effect-pooling-options.js'
import { type CombinationPreparation, combinationNeeds, prepareCombination } from './shared/prepare-combination.js'

const { components, ...otherOptions } = combinationOptions

const optionsSchema = z.strictObject({
  weights: z.enum([...variesOverPeople, 'size', 'equal', 'stacking']).default('auxiliary'),
  /** Of `stacking`: the same for everybody, or a function of the modifiers. */
  stacking: z.enum(['constant', 'covariates']).default('constant'),
  newSetting: z.enum(['random-effects', 'mixture']).default('random-effects'),
  ...otherOptions,
  /** `separate` unless said otherwise for `stacking`, whose weights are those of the difference only: they do not say whose level is right. */
  components: components.unwrap().optional(),
})
export type MixtureOptions = z.infer<typeof optionsSchema> & CombinationOptions

export interface MixturePreparation extends CombinationPreparation {
  readonly stacking?: StackingParameters
}

function describe(options: MixtureOptions): string {
  const { weights, stacking, newSetting } = options
  const scored = `stacking weights${stacking === 'covariates' ? ' that depend on the modifiers' : ''}, which give the outcomes of each trial's patients, less their prognosis, the greatest predictive density under the models of the other trials`
  const setting =
    newSetting === 'mixture'
      ? 'a new setting is one of the trials, drawn by its weight (a distribution over trials, which knows no others)'
      : 'a new setting is drawn from the distribution of the effect between trials'
  return `a mixture, for each person, of the posteriors of the effect in the trials, with ${weights === 'stacking' ? scored : describeWeights(options)} and ${describeHeterogeneity(options)}${describeComponents(options)}; the average setting is the weighted average of the trials, and ${setting}`
}

export const poolingMethod: EffectPoolingMethod<MixtureOptions, MixturePreparation> = {
  name: 'mixture',
  takes: 'effects',
  mixesPosteriors: true,
  summary: "mixture, person by person, of the trials' posteriors of the effect, of any Bayesian first stage; stacking weights",
  parseOptions(raw) {
    const options = parseOptions('secondStage', 'method', optionsSchema, raw)
    return { ...options, components: options.components ?? (options.weights === 'stacking' ? 'separate' : 'joint') }
  },
  describe,
  needs: combinationNeeds,
  prepare: (trials, options, stream) => ({
    ...prepareCombination(trials, options, stream),
    ...(options.weights === 'stacking'
      ? { stacking: stackingParameters(stackingProblem(trials, options.stacking === 'covariates', stream)) }
      : {}),
  }),
  pool(trials, options, request, { auxiliary, stacking }) {
    const width = request.people.length
    const [{ modifiers }] = trials
    const size = modifiers.length / width
    const stackedWeightsOf = (person: number) => stackedWeights(stacking!, modifiers.subarray(person * size, (person + 1) * size))
    return combineEffects(
      trials,
      { ...options, posteriors: 'draws', ...(stacking ? { stackedWeights: stackedWeightsOf } : {}) },
      request,
      auxiliary,
    )
  },
}
