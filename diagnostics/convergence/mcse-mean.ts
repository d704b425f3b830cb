import { essMean } from './ess-mean.js'
import { type Chains, pooled } from './primitives/chains.js'
import { variance } from './primitives/moments.js'

/**
 * Monte Carlo standard error of the posterior mean of `[chain][draw]`, in units of the quantity: sd / sqrt(ESS)
 * (Vehtari et al. 2021, 10.1214/20-BA1221). NaN where `essMean` is.
 * @throws UsageError when the chains differ in length.
 */
export function mcseMean(chains: Chains): number {
  return Math.sqrt(variance(pooled(chains)) / essMean(chains))
}
