import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { AnyPoolingMethod } from '../contract/pooling-method.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { requireCaseWeights } from './bootstrap-refits.js'

/**
 * Refuses a first stage and a second stage that do not go together, before anything runs.
 * @param rawOptions of the second stage
 * @throws ProtocolError
 */
export function requireMatchingStages(model: FirstStageModel, method: AnyPoolingMethod, rawOptions: unknown = {}): void {
  if (method.takes === 'effects') {
    if (method.mixesPosteriors && model.isFrequentist) throw noPosterior(model, method)
    if (method.needs?.(method.parseOptions(rawOptions)).refits !== undefined) requireCaseWeights(model)
    return
  }
  if (model.estimate) return
  throw new ProtocolError({
    problem: `the second stage "${method.name}" cannot pool the first stage "${model.name}"`,
    reason: `"${method.name}" pools coefficients of the treatment effect, and ${model.withoutEstimate ?? `the effects of "${model.name}" are not linear in the modifiers, so that there are none`}`,
    remedy:
      'Use a second stage that pools effects, `secondStage: { method: weighted-average }` or `mixture`, or the first stage `linear`.',
  })
}

function noPosterior({ name }: FirstStageModel, method: AnyPoolingMethod): ProtocolError {
  return new ProtocolError({
    problem: `the second stage "${method.name}" cannot pool the first stage "${name}"`,
    reason: `"${method.name}" mixes posteriors of the trials, and the draws of "${name}" are from a confidence or bootstrap distribution`,
    remedy: 'Use `secondStage: { method: weighted-average }`, or a Bayesian first stage such as `linear`.',
  })
}
