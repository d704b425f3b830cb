import { isAssessable } from './primitives/is-assessable.js'
import { mean } from './primitives/moments.js'

/**
 * Estimated Bayesian fraction of missing information of each chain, `[chain]`, from the energies of Hamiltonian Monte Carlo, `[chain][draw]`:
 * sum_n (E_n - E_{n-1})^2 / sum_n (E_n - mean E)^2 (Betancourt 2016, arXiv 1604.00695).
 * Small values mean that resampling the momentum changes the energy too little to reach all of the posterior.
 *
 * NaN for a chain with an energy that is not finite, with constant energy or with fewer than two draws. Chains may differ in length.
 */
export function eBfmi(energies: readonly Float64Array[]): number[] {
  return energies.map((energy) => {
    if (!isAssessable([energy])) return Number.NaN
    const centre = mean(energy)
    let change = 0
    let spread = 0
    energy.forEach((value, draw) => {
      if (draw > 0) change += (value - energy[draw - 1]) ** 2
      spread += (value - centre) ** 2
    })
    return change / spread
  })
}
