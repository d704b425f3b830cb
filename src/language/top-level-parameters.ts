import type { Prior, PriorArgument } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import { inPart } from '../engine/translate-error.js'

/**
 * Parameters whose prior depends on no other parameter, in order of declaration: those on which a prior is a choice and not part
 * of the model.
 */
export function topLevelParameters<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
): string[] {
  const priors = inPart(`parameters of model "${model.name}"`, () => model.parameters(data))
  const dependsOnNone = (argument: PriorArgument) => typeof argument !== 'string' && typeof argument !== 'function'
  return Object.entries(priors).flatMap(([name, prior]) => (prior.arguments.every(dependsOnNone) ? [name] : []))
}
