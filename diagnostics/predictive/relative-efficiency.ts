import type { Chains } from '../convergence/primitives/chains.js'
import { effectiveSampleSize } from '../convergence/primitives/effective-sample-size.js'

/**
 * Effective sample size for the mean of the likelihood exp(l) over the number of draws, from log likelihoods l of one
 * observation, `[chain][draw]`: how much the autocorrelation of the chains widens the tail that `paretoSmooth` fits. The chains
 * are not split, as in R package loo 2.5.1.
 *
 * The likelihoods are taken relative to the largest, so that they neither overflow nor vanish. 1 when they are constant; NaN for
 * a value that is not finite and for fewer than 3 draws a chain.
 * @throws UsageError when the chains differ in length.
 */
export function relativeEfficiency(logLikelihood: Chains): number {
  const largest = logLikelihood.reduce((top, chain) => chain.reduce((a, b) => Math.max(a, b), top), -Infinity)
  const likelihood = logLikelihood.map((chain) => chain.map((value) => Math.exp(value - largest)))
  if (likelihood.every((chain) => chain.every((value) => value === 1))) return 1
  const total = likelihood.reduce((count, chain) => count + chain.length, 0)
  return effectiveSampleSize(likelihood) / total
}
