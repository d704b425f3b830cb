/**
 * What it would bring to treat those whose predicted benefit exceeds a threshold: the gain in the mean outcome over treating nobody, over treating everybody and
 * over the better of the two by a constant prediction, by inverse probability weighting with the known allocation (Athey and Wager 2021, 10.3982/ECTA15732),
 *
 *     over none = mean of d tau*,   over all = mean of (d - 1) tau*,   tau* = (t - e)(y - m) / {e (1 - e)},   d = 1 where the rule treats;
 *
 * and the difference in outcome between patients who happened to receive what the rule recommends and those who did not, which is how right the decisions
 * are (population benefit of Efthimiou et al. 2023, 10.1002/sim.9665).
 */
import { type Estimate, type HeldOutTrial, meanOf } from './held-out-trial.js'

export interface DecisionValue {
  /** Share of patients whom the rule treats. */
  readonly treatedShare: number
  readonly overNone: Estimate
  readonly overAll: Estimate
  /** Of the outcome, adjusted; NaN when either group has fewer than two patients. */
  readonly agreement: Estimate
}

/**
 * @param predicted benefit, `[patient]`
 * @param threshold in the same units; those above it are treated
 */
export function decisionValue(
  { pseudoEffect, residual, treatment }: HeldOutTrial,
  predicted: Float64Array,
  threshold: number,
): DecisionValue {
  const isTreated = Array.from(predicted, (value) => (value > threshold ? 1 : 0))
  const agrees = isTreated.map((decision, patient) => decision === treatment[patient])
  const [same, other] = [true, false].map((wanted) => meanOf(residual.filter((_, patient) => agrees[patient] === wanted)))
  return {
    treatedShare: isTreated.reduce<number>((sum, decision) => sum + decision, 0) / predicted.length,
    overNone: meanOf(pseudoEffect.map((value, patient) => isTreated[patient] * value)),
    overAll: meanOf(pseudoEffect.map((value, patient) => (isTreated[patient] - 1) * value)),
    agreement: {
      estimate: same.estimate - other.estimate,
      standardError: Math.hypot(same.standardError, other.standardError),
    },
  }
}
