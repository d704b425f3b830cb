import type { Warning } from '../contract/analysis.js'
import type { TrialDesign, TrialEstimate } from '../contract/trial.js'
import { DataError } from '../errors/data-error.js'
import { type CoefficientOddity, coefficientOddities } from '../numeric/coefficient-oddities.js'
import { trialEstimateByLeastSquares } from '../numeric/trial-regression.js'

/**
 * Warns of trials whose coefficients look as if they were in other units or of the other sign than those of the other trials: outcome scale, treatment coding,
 * a covariate's unit. A sign that a person must look at the data, not proof.
 */
export function coefficientWarnings(trials: readonly TrialEstimate[]): Warning[] {
  return coefficientOddities(trials).map((oddity) => ({ severity: 'important', message: sentence(oddity) }))
}

/** The same of least squares in each trial, for a second stage that pools effects whatever predicts them. Trials that least squares cannot estimate are passed over. */
export function leastSquaresWarnings(trials: readonly TrialDesign[]): Warning[] {
  return coefficientWarnings(trials.flatMap((trial) => leastSquares(trial) ?? []))
}

function leastSquares(trial: TrialDesign): TrialEstimate | undefined {
  try {
    return trialEstimateByLeastSquares(trial)
  } catch (error) {
    if (error instanceof DataError) return undefined
    throw error
  }
}

function sentence({ kind, study, coefficientName, ratio, estimate, others }: CoefficientOddity): string {
  const factor =
    ratio >= 1 ? `${Number(ratio.toPrecision(2))} times as large as` : `${Number((1 / ratio).toPrecision(2))} times smaller than`
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
