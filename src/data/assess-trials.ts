import type { Exclusion } from '../contract/analysis.js'
import type { TrialDesign } from '../contract/trial.js'
import { type CompletePatient, completeCases } from './complete-cases.js'
import { designColumns } from './design-columns.js'
import type { Protocol } from './protocol.js'
import { type DesignProblem, designProblem } from './singular-design.js'
import { trialDesign } from './trial-design.js'
import type { PatientRecord, TrialsReading } from './trials-reading.js'
import { unmeasuredCovariates, withoutValues } from './unmeasured-covariates.js'
import { counted, listing } from './wording.js'

/** One trial after the complete-case rule and the protocol's rules for whole trials. */
export interface AssessedTrial {
  readonly study: string
  /** All of its patients, missing values included. */
  readonly patients: readonly PatientRecord[]
  readonly complete: readonly CompletePatient[]
  readonly design: TrialDesign
  /** Covariates that the trial did not measure; its design is without them where the protocol says `use-available`. */
  readonly unmeasured: readonly string[]
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
    const unmeasured = unmeasuredCovariates(patients, protocol.covariates)
    const ignored = protocol.trials.missingCovariate === 'use-available' ? unmeasured : []
    const own = columns.filter(({ covariate }) => !ignored.includes(covariate))
    const { complete, exclusions } = completeCases(
      ignored.length === 0 ? patients : patients.map((patient) => withoutValues(patient, ignored)),
    )
    const design = trialDesign(study, complete, own, protocol)
    const trial = { study, patients, complete, unmeasured, incomplete: exclusions, design }
    return { ...trial, ...verdict(trial, protocol) }
  })
}

type Verdict = Pick<AssessedTrial, 'problem' | 'toleratedProblem' | 'leftOut'>

function verdict({ design, unmeasured }: Pick<AssessedTrial, 'design' | 'unmeasured'>, { trials }: Protocol): Verdict {
  const count = design.patientIds.length
  if (unmeasured.length > 0 && trials.missingCovariate !== 'use-available') {
    const message = `no patient has a value of ${listing(unmeasured)}`
    if (trials.missingCovariate === 'exclude') return { leftOut: message }
    return { problem: { code: 'covariate-not-measured', message, covariates: unmeasured } }
  }
  if (count === 0) return { leftOut: 'no complete patients' }
  if (count < trials.leastPatients)
    return { leftOut: `${counted(count, 'complete patient')}, fewer than the ${trials.leastPatients} that the protocol asks for` }
  const problem = designProblem(design)
  if (!problem) return {}
  if (trials.singularDesign === 'allow' && problem.code !== 'one-arm') return { toleratedProblem: problem }
  return trials.singularDesign === 'exclude' ? { problem, leftOut: problem.message } : { problem }
}
