import type { Exclusion } from '../contract/analysis.js'
import type { TrialDesign } from '../contract/trial.js'
import { type CompletePatient, completeCases } from './complete-cases.js'
import { designColumns } from './design-columns.js'
import type { Protocol } from './protocol.js'
import { type DesignProblem, designProblem } from './singular-design.js'
import { trialDesign } from './trial-design.js'
import type { PatientRecord, TrialsReading } from './trials-reading.js'
import { counted } from './wording.js'

/** One trial after the complete-case rule and the protocol's rules for whole trials. */
export interface AssessedTrial {
  readonly study: string
  /** All of its patients, missing values included. */
  readonly patients: readonly PatientRecord[]
  readonly complete: readonly CompletePatient[]
  readonly design: TrialDesign
  /** Patients left out for missing values, by arm. */
  readonly incomplete: readonly Exclusion[]
  /** Why the design is singular; looked for only in trials with enough patients. */
  readonly problem?: DesignProblem
  /** Why the design is singular, of a trial that is analysed all the same. */
  readonly toleratedProblem?: DesignProblem
  /** Why the whole trial is left out; absent when it is analysed. */
  readonly leftOut?: string
}

/** What becomes of each trial of a reading. */
export function assessTrials(reading: Pick<TrialsReading, 'studies' | 'patients'>, protocol: Protocol): AssessedTrial[] {
  const columns = designColumns(protocol)
  const byStudy = new Map<string, PatientRecord[]>(reading.studies.map((study) => [study, []]))
  for (const patient of reading.patients) byStudy.get(patient.study)?.push(patient)
  return [...byStudy].map(([study, patients]) => {
    const { complete, exclusions } = completeCases(patients)
    const trial = { study, patients, complete, incomplete: exclusions, design: trialDesign(study, complete, columns, protocol) }
    return { ...trial, ...verdict(trial.design, protocol) }
  })
}

function verdict(design: TrialDesign, { trials }: Protocol): Pick<AssessedTrial, 'problem' | 'toleratedProblem' | 'leftOut'> {
  const count = design.patientIds.length
  if (count === 0) return { leftOut: 'no complete patients' }
  if (count < trials.leastPatients)
    return { leftOut: `${counted(count, 'complete patient')}, fewer than the ${trials.leastPatients} that the protocol asks for` }
  const problem = designProblem(design)
  if (!problem) return {}
  if (trials.singularDesign === 'allow' && problem.code !== 'one-arm') return { toleratedProblem: problem }
  return trials.singularDesign === 'exclude' ? { problem, leftOut: problem.message } : { problem }
}
