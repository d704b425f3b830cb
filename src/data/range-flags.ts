import type { Person } from '../contract/analysis.js'
import type { Covariate, Protocol } from './protocol-fields.js'

/**
 * One sentence for each covariate of a person that lies outside the protocol's range, such as
 * `age 71 is above the protocol's range 18 to 65`: the effect is then an extrapolation.
 */
export function covariateRangeFlags(person: Pick<Person, 'covariates'>, protocol: Pick<Protocol, 'covariates'>): string[] {
  return protocol.covariates.flatMap((covariate) => {
    const value = person.covariates[covariate.name]
    if (value === undefined || covariate.type !== 'continuous' || !isOutsideRange(value, covariate)) return []
    const side = Number(value) < covariate.range![0] ? 'below' : 'above'
    return [`${covariate.name} ${value} is ${side} the protocol's range ${rangeText(covariate)}`]
  })
}

export function isOutsideRange(value: number | string, covariate: Covariate): boolean {
  if (covariate.type !== 'continuous' || !covariate.range) return false
  return Number(value) < covariate.range[0] || Number(value) > covariate.range[1]
}

/** `18 to 65`; empty for a covariate without a range. */
export function rangeText(covariate: Covariate): string {
  return covariate.type === 'continuous' && covariate.range ? `${covariate.range[0]} to ${covariate.range[1]}` : ''
}
