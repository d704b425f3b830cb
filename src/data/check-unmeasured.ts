import { mean } from 'd3-array'
import type { AssessedTrial } from './assess-trials.js'
import type { Fault } from './fault.js'
import type { Covariate, Protocol } from './protocol.js'
import type { DroppedCovariate, TrialsReading } from './trials-reading.js'
import { listing } from './wording.js'

/** What a reader must know of covariates that some trials did not measure: those that are dropped, and those that each trial uses where it has them. */
export function unmeasuredFaults(
  { studies, dropped = [] }: Pick<TrialsReading, 'studies' | 'dropped'>,
  trials: readonly AssessedTrial[],
  protocol: Protocol,
): Fault[] {
  const analysed = trials.filter(({ leftOut, problem }) => leftOut === undefined && !problem)
  return [
    ...dropped.map(droppedWarning),
    ...protocol.covariates.flatMap((covariate) => {
      const lacking = analysed.filter(({ unmeasured }) => unmeasured.includes(covariate.name))
      if (lacking.length === 0) return []
      // At a site there is one trial, and the others may have measured it.
      if (lacking.length === analysed.length && studies.length > 1) return [nowhere(covariate)]
      return [lackingWarning(covariate, lacking, analysed)]
    }),
  ]
}

const columnOf = ({ name, column = name }: Covariate) => column

function droppedWarning({ name, isModifier, studies }: DroppedCovariate): Fault {
  return {
    severity: 'warning',
    code: isModifier ? 'modifier-not-measured' : 'covariate-not-measured',
    message: `${name} is dropped from all trials, since ${named(studies)} did not measure it`,
    remedy: isModifier
      ? 'Effects are computed as if it did not modify them: those of people who differ in it are averaged. Compare with `exclude` and with `use-available`.'
      : 'Trials are not adjusted for it, which costs precision.',
    count: studies.length,
  }
}

function nowhere(covariate: Covariate): Fault {
  return {
    severity: 'error',
    code: 'covariate-not-measured',
    message: `no trial that can be analysed has a value of ${covariate.name}`,
    remedy: 'Take it out of the protocol, or correct the name of its column.',
    column: columnOf(covariate),
  }
}

/** METHOD 3a: coefficients of a model without a correlated modifier are other parameters, and so is the effect at the centre of what is left. */
function lackingWarning(covariate: Covariate, lacking: readonly AssessedTrial[], analysed: readonly AssessedTrial[]): Fault {
  const { name, role } = covariate
  const where = named(lacking.map(({ study }) => study))
  const shared = { severity: 'warning' as const, column: columnOf(covariate), count: lacking.length }
  if (role === 'prognostic')
    return {
      ...shared,
      code: 'covariate-not-measured',
      message: `${name} was not measured in ${where}, which ${lacking.length > 1 ? 'are' : 'is'} not adjusted for it`,
      remedy: 'That costs precision in a randomised trial, and does not bias its effect.',
    }
  const patients = lacking.reduce((sum, { complete }) => sum + complete.length, 0)
  return {
    ...shared,
    code: 'modifier-not-measured',
    message: `${name}, which modifies the effect, was not measured in ${where}: each trial uses what it has`,
    remedy: `Coefficients of a model that leaves out a modifier related to the others are not quite those of the full model, and the effect in such a trial is one averaged over its patients' ${name}, not the effect at the protocol's reference${distanceText(covariate, analysed)}. Take this as a sensitivity analysis beside \`missingCovariate: exclude\` and \`drop\`, or impute ${name}. The ${patients} patients of ${lacking.length > 1 ? 'these trials' : 'this trial'} get no effects of their own, which depend on it.`,
  }
}

function named(studies: readonly string[]): string {
  const shown = studies.slice(0, 5).map((study) => `"${study}"`)
  return `${studies.length > 1 ? 'trials' : 'trial'} ${studies.length > shown.length ? `${shown.join(', ')} and ${studies.length - shown.length} more` : listing(shown)}`
}

/** How far the reference is from the patients of the trials that have the covariate. */
function distanceText(covariate: Covariate, analysed: readonly AssessedTrial[]): string {
  if (covariate.type !== 'continuous') return ''
  const values = analysed.flatMap(({ complete, unmeasured }) =>
    unmeasured.includes(covariate.name) ? [] : complete.map(({ covariates }) => Number(covariates[covariate.name])),
  )
  if (values.length === 0) return ''
  const distance = Math.abs((mean(values) ?? covariate.centre) - covariate.centre) / covariate.scale
  return ` (in the other trials the mean lies ${distance.toFixed(1)} protocol scales from its centre)`
}
