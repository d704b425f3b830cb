/**
 * Covariates that a trial did not measure: no patient of it has a value (METHOD 3a, 6.6). The protocol says what becomes of them: `refuse` the data, `exclude` the
 * trial, `drop` the covariate from all trials, or let each trial `use-available` covariates.
 */
import type { Person } from '../contract/analysis.js'
import { ProtocolError } from '../errors/protocol-error.js'
import type { Covariate, Protocol } from './protocol.js'
import { readTrials } from './read-trials.js'
import type { Table } from './table.js'
import type { DroppedCovariate, PatientRecord, TrialsReading } from './trials-reading.js'
import { listing } from './wording.js'

/** Names of the covariates of which no patient of the trial has a value. */
export function unmeasuredCovariates(patients: readonly PatientRecord[], covariates: readonly Covariate[]): string[] {
  const names = covariates.map(({ name }) => name)
  return patients.length === 0 ? [] : names.filter((name) => patients.every((patient) => patient.covariates[name] === undefined))
}

/** What is analysed of a table, and the protocol without the covariates that are dropped. */
export interface AnalysedReading {
  readonly reading: TrialsReading
  readonly protocol: Protocol
}

/**
 * The table as patients of trials, without the covariates that the protocol drops because a trial did not measure them.
 * @throws DataError as `readTrials`; ProtocolError when no modifier is left.
 */
export function readAnalysedTrials(table: Table, protocol: Protocol): AnalysedReading {
  const reading = readTrials(table, protocol)
  const dropped = protocol.trials.missingCovariate === 'drop' ? droppedCovariates(reading, protocol) : []
  if (dropped.length === 0) return { reading, protocol }
  const names = dropped.map(({ name }) => name)
  return {
    reading: { ...reading, patients: reading.patients.map((patient) => withoutValues(patient, names)), dropped },
    protocol: withoutCovariates(protocol, names),
  }
}

function droppedCovariates({ studies, patients }: TrialsReading, { covariates }: Protocol): DroppedCovariate[] {
  const lacking = studies.map((study) =>
    unmeasuredCovariates(
      patients.filter((patient) => patient.study === study),
      covariates,
    ),
  )
  return covariates.flatMap(({ name, role }) => {
    const without = studies.filter((_, trial) => lacking[trial].includes(name))
    return without.length === 0 ? [] : [{ name, isModifier: role !== 'prognostic', studies: without }]
  })
}

/** A patient as one that these covariates were never asked of. */
export function withoutValues(patient: PatientRecord, names: readonly string[]): PatientRecord {
  return { ...patient, covariates: omit(patient.covariates, names) }
}

/**
 * The protocol as if it had never named these covariates.
 * @throws ProtocolError when no modifier is left.
 */
export function withoutCovariates(protocol: Protocol, names: readonly string[]): Protocol {
  if (names.length === 0) return protocol
  const covariates = protocol.covariates.filter(({ name }) => !names.includes(name))
  if (!covariates.some(({ role }) => role !== 'prognostic'))
    throw new ProtocolError({
      problem: `without ${listing(names)}, which a trial did not measure, no covariate modifies the treatment effect`,
      reason: 'trials.missingCovariate is drop',
      remedy: 'Leave out the trials that did not measure them, `exclude`, or use what each trial has, `use-available`.',
    })
  const { referencePatient, profiles } = protocol
  return {
    ...protocol,
    covariates,
    referencePatient: { ...referencePatient, covariates: omit(referencePatient.covariates, names) },
    profiles: profiles.map((profile) => ({ ...profile, covariates: omit(profile.covariates, names) })),
  }
}

/** Whether all modifiers of a person are known, without which there is no effect to compute. */
export function hasAllModifiers({ covariates }: Pick<Person, 'covariates'>, protocol: Pick<Protocol, 'covariates'>): boolean {
  return protocol.covariates.every(({ name, role }) => role === 'prognostic' || covariates[name] !== undefined)
}

function omit<Value>(values: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))
}
