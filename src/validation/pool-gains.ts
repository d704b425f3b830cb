/**
 * Pools the gains of one prediction over trials. The standard error of a gain grows with the gain, up or down, so that weights from it would be drawn to trials
 * where the prediction changed nothing. Variances are therefore taken as q / information_j, the information of a trial being the same for all predictions and q
 * the mean of what the trials' own standard errors say (smoothing of sampling variances, as in Doncaster and Spake 2018, 10.1111/2041-210X.12927).
 */
import type { Estimate } from './held-out-trial.js'
import { type PooledScore, poolScores } from './pool-scores.js'

export interface Gain extends Estimate {
  /** `gainInformation` of the trial. */
  readonly information: number
}

export function poolGains(gains: readonly Gain[]): PooledScore {
  const usable = gains.filter(({ estimate, standardError }) => Number.isFinite(estimate) && Number.isFinite(standardError))
  const q = usable.reduce((sum, { standardError, information }) => sum + standardError ** 2 * information, 0) / usable.length
  return poolScores(usable.map(({ estimate, information }) => ({ estimate, standardError: Math.sqrt(q / information) })))
}
