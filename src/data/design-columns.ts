import type { DesignColumn } from '../contract/trial.js'
import { restrictedCubicSpline } from '../numeric/restricted-cubic-spline.js'
import type { Covariate, Protocol } from './protocol.js'

/**
 * The columns of every trial's design matrix: one for a continuous or binary covariate, one indicator (centre 0, scale 1) for each level of
 * a categorical one except the reference, in the order of the protocol. A continuous covariate with k knots gives k - 1: itself and k - 2 bends, all 0 at its
 * centre and in units of its scale.
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
      const column = { name: covariate.name, ...roles, ...unit, centre: covariate.centre, scale: covariate.scale }
      return covariate.type === 'continuous' && covariate.spline ? splineColumns(column, covariate.spline.knots) : [column]
    }
    const reference = referenceLevel(covariate)
    const levels = covariate.levels.filter((level) => level !== reference)
    return levels.map((level) => ({ name: `${covariate.name}=${level}`, ...roles, level, centre: 0, scale: 1 }))
  })
}

function splineColumns(column: DesignColumn, knots: readonly number[]): DesignColumn[] {
  return Array.from({ length: knots.length - 1 }, (_, term) => ({
    ...column,
    name: column.name + "'".repeat(term),
    spline: { knots, term },
    centre: restrictedCubicSpline(column.centre, knots, term),
  }))
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
