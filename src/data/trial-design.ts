import type { DesignColumn, TrialDesign } from '../contract/trial.js'
import type { CompletePatient } from './complete-cases.js'
import { designRow } from './design-row.js'
import type { Protocol } from './protocol.js'

/** Complete patients of one trial as outcome, treatment and design matrix on the protocol's scale. */
export function trialDesign(
  study: string,
  patients: readonly CompletePatient[],
  columns: readonly DesignColumn[],
  { outcome }: Protocol,
): TrialDesign {
  const covariates = new Float64Array(patients.length * columns.length)
  patients.forEach((patient, index) => {
    covariates.set(designRow(patient.covariates, columns), index * columns.length)
  })
  return {
    study,
    columns,
    outcome: Float64Array.from(patients, (patient) => (patient.outcome - outcome.centre) / outcome.scale),
    treatment: Float64Array.from(patients, (patient) => patient.treatment),
    covariates,
    patientIds: patients.map((patient) => patient.id),
  }
}
