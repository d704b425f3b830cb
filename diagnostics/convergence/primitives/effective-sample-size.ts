import { meanAutocovariance } from './autocovariance.js'
import { type Chains, chainLength } from './chains.js'
import { isAssessable } from './is-assessable.js'
import { mean, variance } from './moments.js'

/**
 * Effective sample size of the chains as they are, S / tau with S draws in all and integrated autocorrelation time
 * tau = -1 + 2 sum_t (rho_2t + rho_2t+1) (Vehtari et al. 2021, 10.1214/20-BA1221, section 3.2).
 *
 * rho_t = 1 - (W - c_t) / var+ combines the chains; the sum follows Geyer's initial monotone sequence (1992, 10.1214/ss/1177011137) and is
 * cut so that the size is at most S log10 S. As in R package posterior 1.7.1, tau is 2 where no pair of lags can be used: chains of
 * fewer than 6 draws, or a first pair that is not positive.
 * NaN for fewer than 3 draws a chain, a draw that is not finite or constant draws.
 */
export function effectiveSampleSize(chains: Chains): number {
  const length = chainLength(chains)
  if (length < 3 || !isAssessable(chains)) return Number.NaN
  const total = length * chains.length
  return total / Math.max(autocorrelationTime(autocorrelations(chains)), 1 / Math.log10(total))
}

/** Autocorrelation at every lag, between-chain variance included. `[draw]` */
function autocorrelations(chains: Chains): Float64Array {
  const length = chainLength(chains)
  const autocovariance = meanAutocovariance(chains)
  const within = (autocovariance[0] * length) / (length - 1)
  const total = (within * (length - 1)) / length + (chains.length > 1 ? variance(chains.map(mean)) : 0)
  return autocovariance.map((value, lag) => (lag === 0 ? 1 : 1 - (within - value) / total))
}

function autocorrelationTime(correlation: Float64Array): number {
  const lastLag = initialPositiveLag(correlation)
  const sequence = correlation.slice(0, lastLag + 1)
  if (correlation[lastLag] <= 0 && correlation[lastLag] + correlation[lastLag + 1] < 0) sequence[lastLag] = 0
  for (let lag = 2; lag <= lastLag - 2; lag += 2) {
    const previous = sequence[lag - 2] + sequence[lag - 1]
    if (sequence[lag] + sequence[lag + 1] > previous) sequence.fill(previous / 2, lag, lag + 2)
  }
  if (lastLag === 0) return 2
  return -1 + 2 * sequence.subarray(0, lastLag).reduce((sum, value) => sum + value, 0) + sequence[lastLag]
}

/** Even lag of the first pair whose sum is not positive, or the last that the length of the chain allows. */
function initialPositiveLag(correlation: Float64Array): number {
  let lag = 0
  while (lag < correlation.length - 5 && correlation[lag] + correlation[lag + 1] > 0) lag += 2
  return lag
}
