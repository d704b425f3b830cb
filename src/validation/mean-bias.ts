/** Mean bias of predicted benefit in a trial: the mean prediction minus the difference that the arms show; positive is too optimistic. */
import { armDifference, type Estimate, type HeldOutTrial, meanOf } from './held-out-trial.js'

/** @param predicted benefit, `[patient]`, taken as fixed */
export function meanBias(trial: HeldOutTrial, predicted: Float64Array): Estimate {
  const { estimate, standardError } = armDifference(trial)
  return { estimate: meanOf(predicted).estimate - estimate, standardError }
}
