import type { Fault } from './fault.js'

/** One row of the data, typed as the protocol declares; `undefined` for missing or unreadable. */
export interface PatientRecord {
  readonly row: number
  readonly study: string
  /** The identifier in the data, or `row 12` where there is none. */
  readonly id: string
  readonly treatment: 0 | 1 | undefined
  readonly outcome: number | undefined
  /** Original units: a number (continuous), 0 or 1 (binary), a level (categorical). */
  readonly covariates: Readonly<Record<string, number | string | undefined>>
}

export interface TrialsReading {
  readonly file: string
  /** Names of the trials in order of first appearance. */
  readonly studies: readonly string[]
  /** Every row of those trials. */
  readonly patients: readonly PatientRecord[]
  /** Everything found wrong with single cells and identifiers. */
  readonly faults: readonly Fault[]
  /** Covariates that are left out because a trial did not measure them; absent when there are none. */
  readonly dropped?: readonly DroppedCovariate[]
}

export interface DroppedCovariate {
  readonly name: string
  readonly isModifier: boolean
  /** Trials that did not measure it. */
  readonly studies: readonly string[]
}
