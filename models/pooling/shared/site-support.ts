import type { Draws } from '../../../src/draws/draws.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import type { HierarchicalOptions } from './hierarchical-options.js'
import { type HierarchicalData, kernelLogDensities, normalisedDensities } from './site-likelihood.js'
import { trialComponents } from './trial-distribution.js'

/** Draws of the pooled posterior that the ratios are averaged over. */
const POOLED_DRAWS = 200

/**
 * For each trial the log of its importance weights, up to a constant: how much more probable each of the trial's own posterior draws is in the light of all
 * trials, p(theta_js | all data) / p(theta_js | data of trial j), averaged over draws of mu and T. Where few draws carry the weight the trial's draws do not
 * cover what is pooled. `[trial][kernel]`
 * @param draws the model's own
 */
export function siteLogRatios(draws: Draws, data: HierarchicalData, options: HierarchicalOptions): Float64Array[] {
  const kernels = data.deviation?.shape[2] ?? 0
  const size = data.coefficient.labels.length
  const ratios = data.study.labels.map(() => new Float64Array(kernels))
  const total = draws.chainCount * draws.drawCount
  const count = Math.min(POOLED_DRAWS, total)
  for (let index = 0; index < count; index++) {
    const values = valuesOfDraw(draws, Math.floor(((index + 0.5) * total) / count))
    ratios.forEach((sums, trial) => {
      const components = trialComponents(values, options, size, trial)
      const { probabilities } = normalisedDensities(kernelLogDensities(values.mu, components, data, trial))
      probabilities.forEach((probability, at) => {
        sums[at % kernels] += probability
      })
    })
  }
  return ratios.map((sums) => sums.map(Math.log))
}
