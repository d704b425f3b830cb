/**
 * R-loss with known randomisation (Nie and Wager 2021, 10.1093/biomet/asaa076), L = mean of {y - m(x) - (t - e) prediction(x)}^2, for which
 *
 *     E[L] = constant + e (1 - e) E{(tau(x) - prediction(x))^2},
 *
 * so that differences between predictions, divided by e (1 - e), estimate differences of the mean squared error of the individualised effect, which nobody can
 * observe. The gain of a prediction is that error of a reference prediction minus its own: positive is better.
 */
import { type Estimate, type HeldOutTrial, meanOf } from './held-out-trial.js'

/** In squared units of the outcome. @param predicted benefit, `[patient]` */
export function rLoss({ residual, contrast }: HeldOutTrial, predicted: Float64Array): number {
  return meanOf(residual.map((value, patient) => (value - contrast[patient] * predicted[patient]) ** 2)).estimate
}

/**
 * {L(reference) - L(prediction)} / {e (1 - e)} with the standard error over patients, in squared units of the outcome.
 * @param predicted `[patient]`
 * @param reference `[patient]`
 */
export function rLossGain(trial: HeldOutTrial, predicted: Float64Array, reference: Float64Array): Estimate {
  const { residual, contrast, treatedShare } = trial
  const spread = treatedShare * (1 - treatedShare)
  return meanOf(
    residual.map((value, patient) => {
      const [w, own, other] = [contrast[patient], predicted[patient], reference[patient]]
      // (a - b)(a + b) of the two squares keeps the digits that their difference would lose.
      return (w * (own - other) * (2 * value - w * (own + other))) / spread
    }),
  )
}

/**
 * What a trial tells about gains, whichever the prediction, up to a factor: n e (1 - e) / (residual variance). The standard error of a gain depends on the gain, so
 * that weighting trials by it would favour those where nothing was gained; see `pool-gains.ts`.
 */
export function gainInformation({ residual, treatedShare }: HeldOutTrial): number {
  const { standardError } = meanOf(residual)
  return (treatedShare * (1 - treatedShare)) / standardError ** 2
}
