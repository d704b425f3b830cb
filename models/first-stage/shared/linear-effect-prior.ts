import type { EffectPrior, TrialDesign } from '../../../src/contract/trial.js'
import { treatmentCoefficientNames } from '../../../src/numeric/trial-regression.js'
import { chosenPrior } from '../../coefficient-priors.js'
import type { LinearOptions } from './linear-options.js'

/** The prior of the treatment effect and the interactions: known where it is flat or normal with a given scale. */
export function linearEffectPrior(trial: TrialDesign, { prior: choice, scales }: LinearOptions): EffectPrior {
  const { prior, options } = chosenPrior(choice)
  const form = prior.exactForm?.(options)
  const size = treatmentCoefficientNames(trial).length
  if (form?.kind === 'flat') return { kind: 'flat' }
  const known = form?.kind === 'normal' && !form.isRelative ? form.scale : undefined
  if (known === undefined && size > 1) return { kind: 'shrinking', description: prior.describe(options) }
  const precision = new Float64Array(size * size)
  for (let row = 0; row < size; row++) precision[row * size + row] = 1 / (row === 0 ? scales.treatment : (known ?? 1)) ** 2
  return { kind: 'normal', mean: new Float64Array(size), precision }
}
