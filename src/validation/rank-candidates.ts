/**
 * Which of several predictions to choose, and how sure that is. Chosen is the one with the largest pooled gain after shrinkage towards none,
 *
 *     gain max(0, 1 - SE^2 / gain^2)      (James and Stein 1961, positive part)
 *
 * so that of two with the same gain the surer one is taken, and the constant effect where no gain exceeds its standard error. How sure, by reweighting the trials
 * at random (Bayesian bootstrap, Rubin 1981, 10.1214/aos/1176345338): the share of reweightings in which each has the largest weighted gain.
 */
import type { Stream } from '../contract/stream.js'
import type { Estimate } from './held-out-trial.js'
import type { Gain } from './pool-gains.js'
import { poolGains } from './pool-gains.js'

const REWEIGHTINGS = 4000

/** A negative gain stays as it is. */
export function shrunkGain({ estimate, standardError }: Estimate): number {
  return estimate > 0 ? estimate * Math.max(0, 1 - (standardError / estimate) ** 2) : estimate
}

/**
 * Place of the largest pooled gain, shrunk; -1 when there is no gain to compare. The first of equals.
 * @param gains over the same reference, `[candidate][trial]`; undefined for a candidate that cannot be chosen
 */
export function bestCandidate(gains: readonly (readonly Gain[] | undefined)[]): number {
  const pooled = gains.map((own) => (own && own.length > 0 ? shrunkGain(poolGains(own)) : Number.NaN))
  return pooled.reduce((best, value, index) => (value > (best < 0 ? Number.NEGATIVE_INFINITY : pooled[best]) ? index : best), -1)
}

/** Share of reweightings in which each candidate has the largest gain, `[candidate]`; 0 for those that cannot be chosen. */
export function sharesBest(gains: readonly (readonly Gain[] | undefined)[], stream: Stream): Float64Array {
  const shares = new Float64Array(gains.length)
  const trialCount = gains.find((own) => own !== undefined)?.length ?? 0
  if (trialCount === 0) return shares
  for (let reweighting = 0; reweighting < REWEIGHTINGS; reweighting++) {
    const weights = Array.from({ length: trialCount }, () => -Math.log(1 - stream.uniform()))
    let [best, most] = [-1, Number.NEGATIVE_INFINITY]
    gains.forEach((own, candidate) => {
      const gain = own?.reduce((sum, { estimate, information }, trial) => sum + weights[trial] * information * estimate, 0)
      if (gain !== undefined && gain > most) [best, most] = [candidate, gain]
    })
    if (best >= 0) shares[best] += 1 / REWEIGHTINGS
  }
  return shares
}
