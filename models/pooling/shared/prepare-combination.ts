import type { EffectNeeds, PredictedTrial } from '../../../src/contract/pooling-method.js'
import type { Stream } from '../../../src/contract/stream.js'
import { type AuxiliaryModel, auxiliaryModel, withHeterogeneity } from '../../../src/effects/auxiliary-model.js'
import type { CombinationOptions } from '../../../src/effects/combination-options.js'

/** What is the same for everybody. Plain data. */
export interface CombinationPreparation {
  readonly auxiliary?: AuxiliaryModel
}

export function combinationNeeds({ weights, bootstrapReplicates, components }: CombinationOptions): EffectNeeds {
  return {
    ...(weights === 'bootstrap' ? { refits: bootstrapReplicates } : {}),
    ...(components === 'separate' ? { reference: true } : {}),
  }
}

/** @throws DataError for a trial whose auxiliary regression is singular, where one is wanted. */
export function prepareCombination(
  trials: readonly PredictedTrial[],
  { weights, heterogeneity, heterogeneityScale }: CombinationOptions,
  stream: Stream,
): CombinationPreparation {
  if (!['auxiliary', 'stacking'].includes(weights) && heterogeneity !== 'auxiliary') return {}
  const model = auxiliaryModel(trials.map(({ design }) => design))
  return { auxiliary: heterogeneity === 'auxiliary' ? withHeterogeneity(model, heterogeneityScale, stream) : model }
}
