import { type AssessedTrial, assessTrials } from './assess-trials.js'
import { designErrors } from './check-designs.js'
import { unmeasuredFaults } from './check-unmeasured.js'
import { comparisonWarnings, trialWarnings } from './check-warnings.js'
import { condensed, type Fault } from './fault.js'
import type { Protocol } from './protocol.js'
import type { PatientRecord, TrialsReading } from './trials-reading.js'
import { listing } from './wording.js'

/** One line of the table that `poolite check` prints: counts only. */
export interface TrialCheck {
  readonly study: string
  readonly patients: ArmCounts
  /** Patients with outcome, treatment and all covariates. */
  readonly complete: ArmCounts
  readonly isAnalysed: boolean
  /** Covariates that no patient of it has a value of. */
  readonly unmeasured: readonly string[]
  /** Who was left out and why: patients with missing values, or the whole trial. */
  readonly reasons: readonly string[]
}

export interface ArmCounts {
  readonly control: number
  readonly treated: number
}

export interface DataCheck {
  /** Errors first. */
  readonly faults: readonly Fault[]
  readonly trials: readonly TrialCheck[]
}

/**
 * Everything that stands in the way of an analysis (errors), everything its reader should know (warnings), and a table of the trials.
 * @param trials of `assessTrials`, where the caller has them already
 */
export function checkTrials(
  reading: TrialsReading,
  protocol: Protocol,
  trials: readonly AssessedTrial[] = assessTrials(reading, protocol),
): DataCheck {
  // A cell that cannot be read is no missing value.
  const isReadable = !reading.faults.some(({ severity }) => severity === 'error')
  const faults = [
    ...condensed(reading.faults),
    ...trials
      .flatMap((trial) => designErrors(trial, protocol))
      .filter(({ code }) => isReadable || code !== 'covariate-not-measured'),
    ...noTrials(trials),
    ...(isReadable ? unmeasuredFaults(reading, trials, protocol) : []),
    ...trials.filter((trial) => trial.leftOut === undefined).flatMap((trial) => trialWarnings(trial)),
    ...comparisonWarnings(trials, protocol),
  ]
  return { faults: faults.sort((first, second) => rank(first) - rank(second)), trials: trials.map(trialCheck) }
}

function rank({ severity }: Fault): number {
  return severity === 'error' ? 0 : 1
}

function noTrials(trials: readonly AssessedTrial[]): Fault[] {
  if (trials.some((trial) => trial.leftOut === undefined)) return []
  const remedy =
    'Look at the reasons trial by trial: fewer covariates, a smaller trials.leastPatients or fewer missing values may leave some.'
  return [{ severity: 'error', code: 'no-trials', message: 'no trial is left to analyse', remedy }]
}

function trialCheck({ study, patients, complete, unmeasured, incomplete, problem, leftOut }: AssessedTrial): TrialCheck {
  const whole = leftOut ?? problem?.message
  return {
    study,
    patients: armCounts(patients),
    complete: armCounts(complete),
    isAnalysed: whole === undefined,
    unmeasured,
    reasons: [
      ...(whole === undefined && unmeasured.length > 0 ? [`${listing(unmeasured)}, not measured`] : []),
      ...incomplete.map(({ arm, patientCount, reason }) => `${patientCount} ${arm}: ${reason}`),
      ...(whole === undefined ? [] : [whole]),
    ],
  }
}

function armCounts(patients: readonly Pick<PatientRecord, 'treatment'>[]): ArmCounts {
  const treated = patients.filter((patient) => patient.treatment === 1).length
  return { control: patients.filter((patient) => patient.treatment === 0).length, treated }
}
