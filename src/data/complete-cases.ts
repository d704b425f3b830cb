import type { Exclusion } from '../contract/analysis.js'
import type { PatientRecord } from './trials-reading.js'
import { listing } from './wording.js'

export interface CompletePatient {
  readonly row: number
  readonly study: string
  readonly id: string
  readonly treatment: 0 | 1
  readonly outcome: number
  readonly covariates: Readonly<Record<string, number | string>>
}

/**
 * The complete-case rule: patients without outcome, treatment or any covariate are left out. One exclusion for each trial and arm with
 * such patients; its reason counts the missing values of each variable (a patient may miss several).
 */
export function completeCases(patients: readonly PatientRecord[]): { complete: CompletePatient[]; exclusions: Exclusion[] } {
  const groups = new Map<string, { study: string; arm: 'control' | 'treated'; count: number; missing: Map<string, number> }>()
  for (const patient of patients) {
    const missing = missingVariables(patient)
    if (missing.length === 0 || patient.treatment === undefined) continue
    const arm = patient.treatment ? 'treated' : 'control'
    const key = JSON.stringify([patient.study, arm])
    const group = groups.get(key) ?? { study: patient.study, arm, count: 0, missing: new Map() }
    group.count++
    for (const name of missing) group.missing.set(name, (group.missing.get(name) ?? 0) + 1)
    groups.set(key, group)
  }
  const studies = new Set(patients.map((patient) => patient.study))
  const inOrder = [...studies].flatMap((study) =>
    ['control', 'treated'].flatMap((arm) => groups.get(JSON.stringify([study, arm])) ?? []),
  )
  const exclusions = inOrder.map(({ study, arm, count, missing }) => ({
    study,
    arm,
    patientCount: count,
    reason: missingText(missing),
  }))
  return { complete: patients.filter(isComplete), exclusions }
}

function missingText(missing: ReadonlyMap<string, number>): string {
  if (missing.size === 1) return `missing ${[...missing.keys()][0]}`
  return `missing ${listing([...missing].map(([name, count]) => `${name} (${count})`))}`
}

function missingVariables({ outcome, covariates }: PatientRecord): string[] {
  const names = Object.keys(covariates).filter((name) => covariates[name] === undefined)
  return outcome === undefined ? ['outcome', ...names] : names
}

function isComplete(patient: PatientRecord): patient is CompletePatient {
  return patient.treatment !== undefined && missingVariables(patient).length === 0
}
