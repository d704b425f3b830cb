/** What the scores of sites that were held out say together: the second half of leaving each trial out where no patient travels. */
import type { Estimate } from '../validation/held-out-trial.js'
import { poolGains } from '../validation/pool-gains.js'
import type { PooledScore } from '../validation/pool-scores.js'
import { lossFromScores, type SiteScore } from './effect-scores.js'

export interface SiteGain extends Estimate {
  readonly study: string
  readonly patientCount: number
  /** R-loss of the pooled effects, squared unit of the outcome. */
  readonly rLoss: number
}

export interface SiteGains {
  readonly trials: readonly SiteGain[]
  readonly pooled: PooledScore
}

/**
 * Gains of the pooled effects over their own mean in each trial, in mean squared error of the effect: (R-loss of the mean - R-loss of the effects) / {e (1 - e)}, as in
 * `validation/r-loss.ts`, where e (1 - e) is the mean of w^2. Positive: the effects tell persons of a trial apart better than one effect for all.
 * @param scale of the outcome in the protocol; gains are in its squared unit
 */
export function poolSiteScores(scores: readonly SiteScore[], scale: number): SiteGains {
  const unit = scale ** 2
  const trials = scores.map((score) => {
    const [rr, , ww, , wwTau] = score.mean
    const { loss, gain, gainError } = lossFromScores(score, wwTau / ww)
    return {
      study: score.study,
      patientCount: score.patientCount,
      rLoss: unit * loss,
      estimate: (unit * gain) / ww,
      standardError: (unit * gainError) / ww,
      information: (score.patientCount * ww) / (unit * rr),
    }
  })
  return { trials: trials.map(({ information: _, ...trial }) => trial), pooled: poolGains(trials) }
}
