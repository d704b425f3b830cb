import type { Exclusion, Person } from '../contract/analysis.js'
import type { TrialDesign } from '../contract/trial.js'
import { type AssessedTrial, assessTrials } from './assess-trials.js'
import { checkTrials } from './check-trials.js'
import { faultError } from './fault.js'
import type { Protocol } from './protocol.js'
import type { TrialsReading } from './trials-reading.js'

export interface DesignedTrials {
  readonly designs: readonly TrialDesign[]
  /** Patients (by trial and arm) and whole trials left out. Their counts and the analysed patients add up to the rows of the data. */
  readonly exclusions: readonly Exclusion[]
  /** Every analysed patient, in the order of the designs. */
  readonly people: readonly Person[]
}

/**
 * The trials ready for a first-stage model: complete cases, on the protocol's scale, without the trials that the protocol leaves out.
 * @throws DataError when `checkTrials` finds any error: the first with its place, the others after it.
 */
export function designTrials(reading: TrialsReading, protocol: Protocol): DesignedTrials {
  const trials = assessTrials(reading, protocol)
  const errors = checkTrials(reading, protocol, trials).faults.filter((fault) => fault.severity === 'error')
  if (errors.length) throw faultError(errors, reading.file)
  return designsOf(trials)
}

/** The same of trials in which `checkTrials` has found no error. */
export function designsOf(trials: readonly AssessedTrial[]): DesignedTrials {
  const analysed = trials.filter((trial) => trial.leftOut === undefined)
  return {
    designs: analysed.map((trial) => trial.design),
    exclusions: trials.flatMap(({ study, incomplete, complete, leftOut }) => [
      ...incomplete,
      ...(leftOut === undefined ? [] : [{ study, patientCount: complete.length, reason: leftOut }]),
    ]),
    people: analysed.flatMap((trial) =>
      trial.complete.map(({ id, study, covariates }) => ({ kind: 'patient' as const, id, study, covariates })),
    ),
  }
}
