import type { Person } from '../contract/analysis.js'
import { DataError } from '../errors/data-error.js'
import { readCovariateValue } from './covariate-value.js'
import { referenceLevel } from './design-columns.js'
import type { Covariate, Protocol } from './protocol.js'

/** The protocol's reference patient: covariates not given are at their centre, 0 or the reference level. */
export function referencePerson(protocol: Protocol): Person {
  const { name, covariates } = protocol.referencePatient
  return { kind: 'profile', id: name, covariates: personCovariates(covariates, {}, protocol) }
}

/** The protocol's reference profiles; what a profile does not say it has from the reference patient. */
export function profilePeople(protocol: Protocol): Person[] {
  return protocol.profiles.map(({ name, covariates }) => ({
    kind: 'profile',
    id: name,
    covariates: personCovariates(covariates, protocol.referencePatient.covariates, protocol),
  }))
}

type CovariateValues = Readonly<Record<string, number | string>>

function personCovariates(
  own: CovariateValues,
  reference: CovariateValues,
  { covariates }: Protocol,
): Record<string, number | string> {
  return Object.fromEntries(
    covariates.map((covariate) => [covariate.name, declaredValue(own[covariate.name] ?? reference[covariate.name], covariate)]),
  )
}

function declaredValue(value: number | string | undefined, covariate: Covariate): number | string {
  if (value === undefined) return defaultValue(covariate)
  const reading = readCovariateValue(String(value), covariate)
  if ('fault' in reading)
    throw new DataError({ problem: reading.fault.message, remedy: reading.fault.remedy, column: covariate.name })
  return reading.value
}

function defaultValue(covariate: Covariate): number | string {
  if (covariate.type === 'categorical') return referenceLevel(covariate)
  return covariate.type === 'binary' ? 0 : covariate.centre
}
