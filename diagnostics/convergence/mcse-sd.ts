import { essSd } from './ess-sd.js'
import { type Chains, pooled } from './primitives/chains.js'
import { mean } from './primitives/moments.js'

/**
 * Monte Carlo standard error of the posterior standard deviation of `[chain][draw]`, in units of the quantity, without assuming normality:
 * Var(s) = (m4 - m2^2) / (4 m2 ESS) with central moments m2 and m4, by the delta method on the variance of a variance
 * (Kenney and Keeping 1951, Mathematics of Statistics, part 2, p. 141). NaN where `essSd` is.
 * @throws UsageError when the chains differ in length.
 */
export function mcseSd(chains: Chains): number {
  const all = pooled(chains)
  const centre = mean(all)
  const squares = all.map((value) => (value - centre) ** 2)
  const second = mean(squares)
  const fourth = mean(squares.map((square) => square * square))
  return Math.sqrt((fourth - second * second) / essSd(chains) / second / 4)
}
