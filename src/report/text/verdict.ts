import type { Diagnosis } from '../../../diagnostics/convergence/diagnose.js'
import { diagnosisText } from '../../../diagnostics/convergence/diagnosis-text.js'
import type { Analysis } from '../../contract/analysis.js'
import { counted } from '../../data/wording.js'

/** The diagnosis of one fit, under the name that the reader knows it by. */
export interface NamedDiagnosis {
  readonly name: string
  readonly diagnosis: Diagnosis
}

export interface Verdict {
  /** `failed` when the draws of one fit failed a check. */
  readonly status: Diagnosis['status']
  readonly failed: readonly NamedDiagnosis[]
  readonly text: string
}

/** Whether the draws of all fits of an analysis can be relied on: each trial's own, and the pooled ones. */
export function verdictOf({ pooled, trialFits }: Analysis): Verdict {
  const second = { name: 'second stage', diagnosis: pooled.diagnosis }
  const first = trialFits.map(({ trial, fit }) => ({ name: `trial ${trial.study}`, diagnosis: fit.diagnosis }))
  const failed = [second, ...first].filter(({ diagnosis }) => diagnosis.status === 'failed')
  const others = failed.filter((fit) => fit !== second)
  const trials = others.length === 0 ? [`${counted(first.length, 'trial fit')}: all checks passed.`] : others.map(failureLine)
  return {
    status: failed.length === 0 ? 'passed' : 'failed',
    failed,
    text: [`Second stage: ${diagnosisText(pooled.diagnosis)}`, ...trials].join('\n'),
  }
}

function failureLine({ name, diagnosis }: NamedDiagnosis): string {
  return `${name}: do not rely on this fit yet, checks failed: ${failedTitles(diagnosis).join(', ')}. The report says more.`
}

/** `second stage (R-hat), trial ACT-1 (Divergences)` */
export function failedChecks(failed: readonly NamedDiagnosis[]): string {
  return failed.map(({ name, diagnosis }) => `${name} (${failedTitles(diagnosis).join(', ')})`).join(', ')
}

/** Titles of the checks that failed. */
export function failedTitles({ checks }: Diagnosis): string[] {
  return checks.filter((check) => check.status === 'failed').map((check) => check.title)
}
