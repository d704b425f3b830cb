import type { Warning } from '../contract/analysis.js'
import type { TrialEstimate } from '../contract/trial.js'
import { type CoefficientOddity, coefficientOddities } from '../numeric/coefficient-oddities.js'

/**
 * Warns of trials whose coefficients look as if they were in other units or of the other sign than those of the other trials: outcome scale, treatment coding,
 * a covariate's unit. A sign that a person must look at the data, not proof.
 */
export function coefficientWarnings(trials: readonly TrialEstimate[]): Warning[] {
  return coefficientOddities(trials).map((oddity) => ({ severity: 'important', message: sentence(oddity) }))
}

function sentence({ kind, study, coefficientName, ratio, estimate, others }: CoefficientOddity): string {
  const factor = ratio >= 1 ? `${ratio.toPrecision(2)} times as large as` : `${(1 / ratio).toPrecision(2)} times smaller than`
  const scaled = `(for equal numbers of patients, standard errors are ${factor} in the other trials)`
  switch (kind) {
    case 'outcome-scale':
      return `trial "${study}" looks as if its outcome were in other units ${scaled}. Check the unit of its outcome before believing the pooled effects.`
    case 'covariate-scale':
      return `trial "${study}" looks as if the covariate of "${coefficientName}" were in other units there, or hardly varied ${scaled}. Check its unit and spread.`
    case 'sign':
      return `the coefficients of trial "${study}" would agree with the other trials' if their signs were turned ("${coefficientName}" is ${estimate.toPrecision(3)} there, ${others.toPrecision(3)} in the others). Check its treatment coding and the direction of its outcome.`
    default:
      return `"${coefficientName}" of trial "${study}" (${estimate.toPrecision(3)}) lies outside what the other trials predict (about ${others.toPrecision(3)}, differences between trials allowed for). Check its coding and units, and show the analysis without it.`
  }
}
