import { readNumber, type ValueFault } from './cell-number.js'
import { readCovariateValue } from './covariate-value.js'
import type { Fault } from './fault.js'
import { type DataColumns, locateColumns } from './locate-columns.js'
import type { Covariate, Protocol } from './protocol.js'
import { isOutsideRange, rangeText } from './range-flags.js'
import { duplicatePatients, unknownStudies } from './reading-faults.js'
import type { Table, TableRow } from './table.js'
import { readArm } from './treatment-arm.js'
import type { PatientRecord, TrialsReading } from './trials-reading.js'

/**
 * The table as patients of trials, typed by the protocol. Faults of cells are collected, not thrown: `designTrials` refuses a reading with
 * errors.
 * @throws DataError when columns that the protocol names are not in the table (all of them, with the nearest names).
 */
export function readTrials(table: Table, protocol: Protocol): TrialsReading {
  const columns = locateColumns(table, protocol)
  const faults: Fault[] = []
  const rows = table.rows.filter((row) => isIncluded(row.cells[columns.study], protocol))
  const patients = rows.map((row) => readPatient(row, columns, protocol, faults))
  const studies = inOrder([...new Set(patients.map((patient) => patient.study))], protocol).filter((study) => study !== '')
  faults.push(...duplicatePatients(patients, protocol), ...unknownStudies(table, columns.study, protocol))
  return { file: table.file, studies, patients: patients.filter((patient) => patient.study !== ''), faults }
}

/** As the protocol lists the trials, where it does, so that the order of rows and files does not matter; otherwise as they come. */
function inOrder(studies: readonly string[], { trials }: Protocol): readonly string[] {
  return trials.include ? [...new Set(trials.include)].filter((study) => studies.includes(study)) : studies
}

function isIncluded(study: string, { trials }: Protocol): boolean {
  return !trials.include || study === '' || trials.include.includes(study)
}

function readPatient({ row, cells }: TableRow, columns: DataColumns, protocol: Protocol, faults: Fault[]): PatientRecord {
  const { data, outcome, covariates } = protocol
  const isMissing = (text: string) => text === '' || data.missing.includes(text)
  const study = isMissing(cells[columns.study]) ? '' : cells[columns.study]
  const report = (column: string, fault: ValueFault, severity: Fault['severity'] = 'error') =>
    faults.push({ severity, ...fault, ...(study && { study }), row, column })
  const cell = <Value>(
    text: string | undefined,
    column: string,
    read: (text: string) => { value: Value } | { fault: ValueFault },
  ): Value | undefined => {
    if (text === undefined || isMissing(text)) return undefined
    const reading = read(text)
    if ('value' in reading) return reading.value
    report(column, reading.fault)
    return undefined
  }
  if (study === '') report(data.study, noStudy)
  if (isMissing(cells[columns.treatment])) report(data.treatment.column, noTreatment)
  const identifier = columns.patient === undefined ? '' : cells[columns.patient]
  if (columns.patient !== undefined && isMissing(identifier)) report(data.patient!, noIdentifier, 'warning')
  return {
    row,
    study,
    id: isMissing(identifier) ? `row ${row}` : identifier,
    treatment: cell(cells[columns.treatment], data.treatment.column, (text) => readArm(text, data.treatment)),
    outcome: cell(cells[columns.outcome], outcome.column, readNumber),
    covariates: Object.fromEntries(
      covariates.map((covariate, index) => [
        covariate.name,
        cell(cells[columns.covariates[index]], covariate.column ?? covariate.name, (text) => readWithinRange(text, covariate)),
      ]),
    ),
  }
}

function readWithinRange(text: string, covariate: Covariate): { value: number | string } | { fault: ValueFault } {
  const reading = readCovariateValue(text, covariate)
  if ('fault' in reading || !isOutsideRange(reading.value, covariate)) return reading
  return {
    fault: {
      code: 'out-of-range',
      message: `${covariate.name} is outside the protocol's range ${rangeText(covariate)}`,
      remedy: 'Correct the cell (unit, decimal point, a code for missing?), or widen the range in the protocol.',
    },
  }
}

const noStudy: ValueFault = {
  code: 'missing-study',
  message: 'no study is given',
  remedy: 'Write the name of the trial in every row.',
}
const noTreatment: ValueFault = {
  code: 'missing-treatment',
  message: 'no treatment is given',
  remedy: 'Write the randomised arm of every patient, or take the row out of the file if it belongs to no arm.',
}
const noIdentifier: ValueFault = {
  code: 'missing-patient',
  message: 'no patient identifier; the row number stands in for it',
  remedy: 'Write an identifier that is unique within the trial.',
}
