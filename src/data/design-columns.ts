import type { DesignColumn } from '../contract/trial.js'
import type { Covariate, Protocol } from './protocol.js'

/**
 * The columns of every trial's design matrix: one for a continuous or binary covariate, one indicator (centre 0, scale 1) for each level of
 * a categorical one except the reference, in the order of the protocol.
 */
export function designColumns(protocol: Pick<Protocol, 'covariates'>): DesignColumn[] {
  return protocol.covariates.flatMap((covariate): DesignColumn[] => {
    const roles = {
      covariate: covariate.name,
      isPrognostic: covariate.role !== 'modifier',
      isModifier: covariate.role !== 'prognostic',
    }
    if (covariate.type !== 'categorical') {
      const unit = covariate.type === 'continuous' && covariate.unit !== undefined ? { unit: covariate.unit } : {}
      return [{ name: covariate.name, ...roles, ...unit, centre: covariate.centre, scale: covariate.scale }]
    }
    const reference = referenceLevel(covariate)
    const levels = covariate.levels.filter((level) => level !== reference)
    return levels.map((level) => ({ name: `${covariate.name}=${level}`, ...roles, level, centre: 0, scale: 1 }))
  })
}

export function referenceLevel({ levels, reference = levels[0] }: Extract<Covariate, { type: 'categorical' }>): string {
  return reference
}

/** Names of the coefficients of the full linear design: intercept, main effects, treatment, interactions. */
export function coefficientNames(columns: readonly DesignColumn[]): string[] {
  const main = columns.filter((column) => column.isPrognostic).map((column) => column.name)
  const interactions = columns.filter((column) => column.isModifier).map((column) => `treatment:${column.name}`)
  return ['intercept', ...main, 'treatment', ...interactions]
}
