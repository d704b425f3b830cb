import { DataError } from '../errors/data-error.js'
import { didYouMean } from './nearest-name.js'
import type { Covariate, Protocol } from './protocol.js'
import type { Table } from './table.js'

/** Positions in the table of the columns that the protocol names. */
export interface DataColumns {
  readonly study: number
  readonly patient: number | undefined
  readonly treatment: number
  readonly outcome: number
  /** `[covariate]`; -1 for one that was not measured and has no column, where the protocol allows it. */
  readonly covariates: readonly number[]
}

/** @throws DataError when any is absent that must be there; every absent column is named with the nearest one there is. */
export function locateColumns(table: Table, { data, outcome, covariates, trials }: Protocol): DataColumns {
  const mayLack = (trials.missingCovariate ?? 'refuse') !== 'refuse'
  const roles: [role: string, column: string][] = [
    ['the study', data.study],
    ['the treatment', data.treatment.column],
    ['the outcome', outcome.column],
    ...(data.patient === undefined ? [] : [['the patient identifier', data.patient] satisfies [string, string]]),
    ...(mayLack ? [] : covariates.map(covariateRole)),
  ]
  requireColumns(table, roles)
  const position = (column: string) => table.columns.indexOf(column)
  return {
    study: position(data.study),
    patient: data.patient === undefined ? undefined : position(data.patient),
    treatment: position(data.treatment.column),
    outcome: position(outcome.column),
    covariates: covariates.map((covariate) => position(covariateRole(covariate)[1])),
  }
}

export function covariateRole({ name, column = name }: Covariate): [role: string, column: string] {
  return [`covariate ${name}`, column]
}

/** @throws DataError naming every column that is not in the table. */
export function requireColumns(table: Table, roles: readonly (readonly [role: string, column: string])[]): void {
  const absent = roles.filter(([, column]) => !table.columns.includes(column))
  if (absent.length === 0) return
  const sentences = absent.map(([role, column]) => `"${column}" (${role})`)
  const hints = absent.map(([, column]) => didYouMean(column, table.columns)).join('')
  throw new DataError({
    problem: `no column ${sentences.join(', no column ')}`,
    reason: `the header has ${table.columns.filter((name) => name !== '').join(', ')}`,
    remedy: `Correct the name in the protocol or in the header; a covariate may give its column as \`column\`.${hints}`,
    file: table.file,
    row: 1,
    column: absent[0][1],
  })
}
