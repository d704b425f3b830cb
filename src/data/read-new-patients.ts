import type { Person } from '../contract/analysis.js'
import { readCovariateValue } from './covariate-value.js'
import { condensed, type Fault, faultError } from './fault.js'
import { covariateRole, requireColumns } from './locate-columns.js'
import type { Covariate, Protocol } from './protocol.js'
import type { Table, TableRow } from './table.js'

/**
 * New patients to predict for: the protocol's covariates, and an identifier if there is one (the protocol's patient column, else `id`,
 * `patient`, else the row number). Values outside the protocol's range are kept; `covariateRangeFlags` names them.
 * @throws DataError when a covariate's column, or any value of it, is missing or unreadable: all places are named.
 */
export function readNewPatients(table: Table, protocol: Protocol): Person[] {
  const { covariates, data } = protocol
  requireColumns(table, covariates.map(covariateRole))
  const positions = covariates.map((covariate) => table.columns.indexOf(covariateRole(covariate)[1]))
  const identifier = [data.patient, 'id', 'patient']
    .map((name) => table.columns.indexOf(name ?? ''))
    .find((position) => position >= 0)
  const faults: Fault[] = []
  const people = table.rows.map((row): Person => {
    const values = covariates.map((covariate, index) => [
      covariate.name,
      readValue(row, positions[index], covariate, data.missing, faults),
    ])
    const id = identifier === undefined ? '' : row.cells[identifier]
    return { kind: 'new-patient', id: id || `row ${row.row}`, covariates: Object.fromEntries(values) }
  })
  if (faults.length) throw faultError(condensed(faults), table.file)
  return people
}

function readValue(
  { row, cells }: TableRow,
  position: number,
  covariate: Covariate,
  missing: readonly string[],
  faults: Fault[],
): number | string {
  const place = { severity: 'error' as const, row, column: covariateRole(covariate)[1] }
  const text = cells[position]
  if (text === '' || missing.includes(text)) {
    const remedy =
      'Give the value: a prediction needs every covariate of the protocol. If it is not known, predict for several plausible values.'
    faults.push({ ...place, code: 'missing-value', message: `no value of ${covariate.name}`, remedy })
    return Number.NaN
  }
  const reading = readCovariateValue(text, covariate)
  if ('value' in reading) return reading.value
  faults.push({ ...place, ...reading.fault })
  return Number.NaN
}
