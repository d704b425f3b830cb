import {
  type PowerScalingOptions,
  powerScalingSensitivity,
  type Sensitivity,
} from '../../diagnostics/predictive/power-scaling.js'
import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import { type Draws, elementCount } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { UsageError } from '../errors/usage-error.js'
import { logDensities } from '../language/log-densities.js'
import { topLevelParameters } from '../language/top-level-parameters.js'
import { requireUnweighted } from './leave-one-out.js'

export interface PriorSensitivityOptions extends PowerScalingOptions {
  /** Parameters whose priors are scaled, together; by default those whose prior depends on no other parameter. */
  readonly scaled?: readonly string[]
  /** Other quantities of the same draws to judge, such as effects; by default all that `draws` holds. */
  readonly quantities?: Draws
}

/**
 * How much each quantity's posterior would move if the prior, or the likelihood, counted a little less or more, without fitting
 * again (see `powerScalingSensitivity`).
 * @param draws of one fit of the model to the data
 * @throws UsageError when the draws are weighted or come from another model or other data, or `scaled` names no parameter.
 */
export function priorSensitivity<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  draws: Draws,
  { scaled = topLevelParameters(model, data), quantities = draws, ...options }: PriorSensitivityOptions = {},
): Sensitivity {
  requireUnweighted(draws)
  const densities = logDensities(model, data, draws)
  const names = variable(densities, 'log_prior').dimensions[0].labels
  const unknown = scaled.find((name) => !names.includes(name))
  if (unknown !== undefined || scaled.length === 0)
    throw new UsageError({
      problem: unknown === undefined ? 'there is no prior to scale' : `model "${model.name}" has no parameter "${unknown}"`,
      remedy: `Name some of ${names.join(', ')}.`,
    })
  const logPrior = sums(densities, 'log_prior', (index) => scaled.includes(names[index]))
  return powerScalingSensitivity(
    quantities,
    logPrior,
    sums(densities, 'log_likelihood', () => true),
    options,
  )
}

/** Sum over the wanted elements of a variable. `[chain][draw]` */
function sums({ chainCount, drawCount, ...draws }: Draws, name: string, isWanted: (element: number) => boolean): Float64Array[] {
  const found = variable({ chainCount, drawCount, ...draws }, name)
  const size = elementCount(found)
  return Array.from({ length: chainCount }, (_, chain) =>
    Float64Array.from({ length: drawCount }, (_, draw) => {
      const start = (chain * drawCount + draw) * size
      return found.values
        .subarray(start, start + size)
        .reduce((sum, value, element) => (isWanted(element) ? sum + value : sum), 0)
    }),
  )
}
