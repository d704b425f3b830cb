import type { Fault } from './fault.js'
import { didYouMean } from './nearest-name.js'
import type { Protocol } from './protocol.js'
import type { Table } from './table.js'
import type { PatientRecord } from './trials-reading.js'
import { quoted } from './wording.js'

/** Patients whose identifier stands earlier in the same trial. */
export function duplicatePatients(patients: readonly PatientRecord[], { data }: Protocol): Fault[] {
  if (data.patient === undefined) return []
  const column = data.patient
  const firstRows = new Map<string, number>()
  return patients.flatMap(({ study, id, row }) => {
    const key = JSON.stringify([study, id])
    const firstRow = firstRows.get(key)
    if (firstRow === undefined) {
      firstRows.set(key, row)
      return []
    }
    const message = `patient ${quoted(id)} of trial ${quoted(study)} stands in row ${firstRow} already`
    return [
      {
        severity: 'error' as const,
        code: 'duplicate-patient',
        message,
        remedy: 'Keep one row per patient, or correct the identifier.',
        study,
        row,
        column,
      },
    ]
  })
}

/** Trials that the protocol includes and the data do not have. */
export function unknownStudies(table: Table, studyColumn: number, { trials, data }: Protocol): Fault[] {
  const present = new Set(table.rows.map((row) => row.cells[studyColumn]))
  return (trials.include ?? [])
    .filter((study) => !present.has(study))
    .map((study) => ({
      severity: 'error',
      code: 'unknown-study',
      message: `the protocol includes trial ${quoted(study)}, which is not in the data`,
      remedy: `Correct trials.include in the protocol.${didYouMean(study, present)}`,
      study,
      column: data.study,
    }))
}
