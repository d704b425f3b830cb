import type { FirstStageModel } from './contract/first-stage-model.js'
import type { AnyPoolingMethod } from './contract/pooling-method.js'
import { ProtocolError } from './errors/protocol-error.js'

/**
 * Refuses a first stage and a second stage that do not go together, before anything runs.
 * @throws ProtocolError
 */
export function requireMatchingStages(model: FirstStageModel, method: AnyPoolingMethod): void {
  if (method.takes === 'effects' || model.estimate) return
  throw new ProtocolError({
    problem: `the second stage "${method.name}" cannot pool the first stage "${model.name}"`,
    reason: `"${method.name}" pools coefficients of the treatment effect, and the effects of "${model.name}" are not linear in the modifiers, so that there are none`,
    remedy: 'Use a second stage that pools effects, `secondStage: { method: weighted-average }`, or the first stage `linear`.',
  })
}
