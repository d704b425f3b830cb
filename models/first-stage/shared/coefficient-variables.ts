import type { TrialDesign } from '../../../src/contract/trial.js'

/** The variables that hold the coefficients of the treatment effect in draws of a linear model. */
export function coefficientVariables({ columns }: Pick<TrialDesign, 'columns'>): readonly string[] {
  return columns.some((column) => column.isModifier) ? ['delta', 'gamma'] : ['delta']
}
