import type { AssessedTrial } from './assess-trials.js'
import type { Fault } from './fault.js'
import type { Protocol } from './protocol.js'
import type { DesignProblem } from './singular-design.js'
import { listing } from './wording.js'

/** Trials whose design is singular: an error under `singularDesign: refuse`, a warning where the trial is left out, or
 * analysed all the same, instead. */
export function designErrors(trial: AssessedTrial, { trials }: Protocol): Fault[] {
  const { study, problem, toleratedProblem, complete } = trial
  if (toleratedProblem) return [toleratedWarning(study, toleratedProblem, complete.length)]
  if (!problem) return []
  if (problem.code === 'covariate-not-measured') return [unmeasuredError(trial, problem)]
  const isLeftOut = trials.singularDesign === 'exclude'
  const what =
    problem.code === 'singular-design'
      ? `the design matrix of trial "${study}" is singular: ${problem.message}`
      : `trial "${study}": ${problem.message}`
  const remedy = isLeftOut
    ? 'The trial is left out of the analysis (trials.singularDesign: exclude).'
    : `Set trials.singularDesign: exclude to leave the trial out, ${otherWay(problem)}`
  return [{ severity: isLeftOut ? 'warning' : 'error', code: problem.code, message: what, remedy, study, count: complete.length }]
}

function unmeasuredError({ study, patients }: AssessedTrial, { code, message, covariates }: DesignProblem): Fault {
  const names = listing(covariates)
  const remedy = `Set trials.missingCovariate: exclude (leave this trial out), drop (do without ${names} in all trials; at a site, take ${names} out of the protocol instead) or use-available (each trial uses what it measured); or correct the column in the protocol.`
  return { severity: 'error', code, message: `trial "${study}": ${message}`, remedy, study, count: patients.length }
}

function toleratedWarning(study: string, { code, message, covariates }: DesignProblem, count: number): Fault {
  const what =
    covariates.length > 0 ? `what its posterior says about ${listing(covariates)} is` : 'its posterior is in some directions'
  const remedy = `It is analysed all the same (trials.singularDesign: allow): ${what} the prior, not the data. Show the results under a second prior, and without this trial.`
  return { severity: 'warning', code, message: `trial "${study}": ${message}`, remedy, study, count }
}

function otherWay({ code, covariates, message }: DesignProblem): string {
  if (code === 'one-arm')
    return 'or correct the treatment column: a trial with one arm says nothing about the treatment effect, whatever the prior.'
  if (code === 'too-few-patients')
    return 'or use fewer covariates. A proper prior would still give a posterior, but for this trial it would come from the prior in some directions.'
  const names = listing(covariates)
  return `or drop ${names} from the protocol${message.includes('spline') ? ', or move its knots to where this trial has patients' : ''}. A proper prior would still give a posterior, but in this trial what it says about ${names} would be the prior, not the data; a flat prior would give none.`
}
