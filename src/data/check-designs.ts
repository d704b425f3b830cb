import type { AssessedTrial } from './assess-trials.js'
import type { Fault } from './fault.js'
import type { Protocol } from './protocol.js'
import { listing } from './wording.js'

/** Trials whose design is singular: an error under `singularDesign: refuse`, a warning where the trial is left out instead. */
export function designErrors({ study, problem, complete }: AssessedTrial, { trials }: Protocol): Fault[] {
  if (!problem) return []
  const isLeftOut = trials.singularDesign === 'exclude'
  const what =
    problem.code === 'singular-design'
      ? `the design matrix of trial "${study}" is singular: ${problem.message}`
      : `trial "${study}": ${problem.message}`
  const remedy = isLeftOut
    ? 'The trial is left out of the analysis (trials.singularDesign: exclude).'
    : `Set trials.singularDesign: exclude to leave the trial out, ${otherWay(problem.code, problem.covariates)}`
  return [{ severity: isLeftOut ? 'warning' : 'error', code: problem.code, message: what, remedy, study, count: complete.length }]
}

function otherWay(code: string, covariates: readonly string[]): string {
  if (code === 'one-arm')
    return 'or correct the treatment column: a trial with one arm says nothing about the treatment effect, whatever the prior.'
  if (code === 'too-few-patients')
    return 'or use fewer covariates. A proper prior would still give a posterior, but for this trial it would come from the prior in some directions.'
  const names = listing(covariates)
  return `or drop ${names} from the protocol. A proper prior would still give a posterior, but in this trial what it says about ${names} would be the prior, not the data; a flat prior would give none.`
}
