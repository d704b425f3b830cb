/**
 * Nesterov's dual averaging of the log step size towards a target acceptance statistic:
 *
 *     h_m = (1 - 1/(m + t0)) h_{m-1} + (target - acceptance_m)/(m + t0)
 *     x_m = mu - (sqrt(m)/gamma) h_m,   xbar_m = m^-kappa x_m + (1 - m^-kappa) xbar_{m-1}
 *
 * Sampling during adaptation uses exp(x_m), afterwards exp(xbar_m). Hoffman and Gelman (2014), JMLR 15:1593, section 3.2, with their
 * constants; mu = log(10 times the first step size) prefers large steps.
 */
export interface DualAveraging {
  readonly count: number
  /** mu */
  readonly shrinkagePoint: number
  /** h_m */
  readonly meanError: number
  /** x_m */
  readonly logStepSize: number
  /** xbar_m */
  readonly meanLogStepSize: number
}

/** gamma */
const SHRINKAGE = 0.05
/** t0 */
const STABILISATION = 10
/** m^-kappa with kappa = 3/4, of square roots: engines round other powers differently. */
const weightOf = (count: number): number => 1 / (Math.sqrt(count) * Math.sqrt(Math.sqrt(count)))

export function startDualAveraging(stepSize: number): DualAveraging {
  const logStepSize = Math.log(stepSize)
  return { count: 0, shrinkagePoint: Math.log(10 * stepSize), meanError: 0, logStepSize, meanLogStepSize: logStepSize }
}

/** After a transition with this acceptance statistic, in [0, 1]. */
export function updateDualAveraging(previous: DualAveraging, acceptance: number, targetAcceptance: number): DualAveraging {
  const count = previous.count + 1
  const rate = 1 / (count + STABILISATION)
  const meanError = (1 - rate) * previous.meanError + rate * (targetAcceptance - acceptance)
  const logStepSize = previous.shrinkagePoint - (Math.sqrt(count) / SHRINKAGE) * meanError
  const weight = weightOf(count)
  const meanLogStepSize = weight * logStepSize + (1 - weight) * previous.meanLogStepSize
  return { count, shrinkagePoint: previous.shrinkagePoint, meanError, logStepSize, meanLogStepSize }
}
