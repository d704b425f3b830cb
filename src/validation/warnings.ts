import type { Warning } from '../contract/analysis.js'
import type { CandidateResult } from './validation.js'

export interface WarningContext {
  readonly trialCount: number
  readonly foldCount: number
  /** Whether the choice was repeated without each trial, and whether that was wanted. */
  readonly isNested: boolean
  readonly wantsNested: boolean
  /** Place of the recommended candidate. */
  readonly chosen: number
}

/** Fewer make every interval over trials very wide, and heterogeneity hardly identified (Roever et al. 2021, 10.1002/jrsm.1475). */
const FEW_TRIALS = 5

/** What a reader must know before believing the scores, the important first. */
export function validationWarnings(
  results: readonly CandidateResult[],
  { trialCount, foldCount, isNested, wantsNested, chosen }: WarningContext,
): Warning[] {
  const important = (condition: boolean, message: string): Warning[] => (condition ? [{ severity: 'important', message }] : [])
  const warnings: Warning[] = [
    ...important(
      trialCount < FEW_TRIALS,
      `With ${trialCount} trials every score over trials is uncertain and differences between trials are hardly identified: take the ranking as a hint, not as a choice.`,
    ),
    ...important(
      !isNested,
      `The choice was not repeated without each trial${wantsNested ? ', since two trials must be left to pool within a fold' : ' (`validation.nested` is false)'}: the score of the recommended candidate is optimistic.`,
    ),
    ...results.flatMap(failureWarnings),
    ...results.flatMap((result, place) => diagnosisWarnings(result, foldCount, place === chosen)),
  ]
  if (foldCount < trialCount)
    warnings.push({
      severity: 'note',
      message: `${trialCount} trials were held out in ${foldCount} groups, so that each prediction comes from somewhat fewer trials than there will be.`,
    })
  return warnings.sort((first, second) => rank(first) - rank(second))
}

const rank = ({ severity }: Warning): number => (severity === 'important' ? 0 : 1)

function failureWarnings({ name, failures, trials }: CandidateResult): Warning[] {
  if (failures.length === 0) return []
  const where = failures[0].study === undefined ? 'all trials' : `${failures.length} of ${trials.length} trials`
  return [
    {
      severity: 'important',
      message: `Candidate "${name}" failed in ${where} and cannot be recommended: ${failures[0].reason}.`,
    },
  ]
}

function diagnosisWarnings({ name, failedDiagnoses }: CandidateResult, foldCount: number, isChosen: boolean): Warning[] {
  const { firstStage, secondStage, of } = failedDiagnoses
  if (firstStage + secondStage === 0) return []
  return [
    {
      severity: isChosen ? 'important' : 'note',
      message: `Candidate "${name}": diagnostics failed for ${firstStage} of ${of} fits of trials and ${secondStage} of ${foldCount} pooled fits; its scores stand for what these settings give.`,
    },
  ]
}
