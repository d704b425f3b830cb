import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import { chooseEagerBackend } from '../engine/choose-backend.js'
import { type ConditionedModel, type ConditionOptions, condition } from './condition.js'

/**
 * The same as `condition`, but what cannot be compiled is evaluated on the best tfjs backend that is installed instead of `cpu`. Only then is one
 * looked for, which takes a moment: hence the promise.
 * @throws ModelError as `condition`.
 */
export async function conditionOnBestEngine<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  options: Omit<ConditionOptions, 'eagerBackend'> = {},
): Promise<ConditionedModel> {
  const conditioned = condition(model, data, options)
  if (!conditioned.isPartlyEager) return conditioned
  const { backend } = await chooseEagerBackend()
  return backend === 'cpu' ? conditioned : condition(model, data, { ...options, eagerBackend: backend })
}
