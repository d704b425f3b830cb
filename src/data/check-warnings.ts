import { max, mean, median, min, variance } from 'd3-array'
import type { AssessedTrial } from './assess-trials.js'
import type { CompletePatient } from './complete-cases.js'
import { coefficientNames } from './design-columns.js'
import type { Fault } from './fault.js'
import type { Protocol } from './protocol.js'

/** Least share of a trial's patients lost to missing values that is worth a warning. */
const missingShare = 0.1
/** Patients per coefficient below which a full-interaction linear fit is unstable. */
const patientsPerCoefficient = 4
/** Ratio of outcome standard deviations between trials above which a difference of units is suspected. */
const deviationRatio = 2
/** Trials with fewer patients are not compared: their standard deviations differ twofold by chance. */
const patientsForDeviation = 20
/** Distance of a trial's covariate mean from the median trial, in protocol scales beyond two standard errors. */
const meanDistance = 1
/** Below this many trials the between-trial variance is barely identified (Roever et al. 2021, doi 10.1002/jrsm.1475). */
const fewTrials = 5

/** Warnings about one analysed trial on its own. */
export function trialWarnings({ study, design, patients, complete, incomplete, problem }: AssessedTrial): Fault[] {
  if (problem) return []
  const faults: Fault[] = []
  const warn = (code: string, message: string, remedy: string, count?: number) =>
    faults.push({
      severity: 'warning',
      code,
      message: `trial "${study}": ${message}`,
      remedy,
      study,
      ...(count !== undefined && { count }),
    })
  const coefficientCount = coefficientNames(design.columns).length
  if (complete.length < patientsPerCoefficient * coefficientCount)
    warn(
      'small-trial',
      `${complete.length} complete patients for ${coefficientCount} coefficients, fewer than ${patientsPerCoefficient} each`,
      'Its own fit leans on the priors: use fewer covariates or shrinkage priors, and see what the results are without it.',
      complete.length,
    )
  if (complete.every((patient) => patient.outcome === complete[0].outcome))
    warn('constant-outcome', 'the outcome is the same for all complete patients', 'Check the outcome column of this trial.')
  const lost = incomplete.reduce((sum, exclusion) => sum + exclusion.patientCount, 0)
  if (lost > missingShare * patients.length)
    warn(
      'many-missing',
      `${lost} of ${patients.length} patients (${Math.round((100 * lost) / patients.length)}%) are left out for missing values`,
      'Complete cases are unbiased only if what is missing does not depend on the outcome given covariates and arm: say so in the report, or leave out the covariate that loses most.',
      lost,
    )
  return faults
}

/** Warnings about the set of trials: how many, and how alike. */
export function comparisonWarnings(trials: readonly AssessedTrial[], protocol: Protocol): Fault[] {
  const analysed = trials.filter((trial) => trial.leftOut === undefined && !trial.problem)
  return [
    ...countWarnings(analysed.length),
    ...deviationWarning(analysed),
    ...meanWarnings(analysed, protocol),
    ...roleWarnings(protocol),
  ]
}

function countWarnings(count: number): Fault[] {
  if (count === 0 || count >= fewTrials) return []
  const message = [
    '',
    'one trial only: it can be fitted, not pooled',
    'two trials only: they say next to nothing of the between-trial variance',
  ][count]
  const remedy =
    'Show the results under two or three priors of the between-trial standard deviation (second stage `hierarchical`).'
  return [
    {
      severity: 'warning',
      code: 'few-trials',
      message: message ?? `${count} trials: the between-trial variance is barely identified`,
      remedy,
      count,
    },
  ]
}

/** Outcome standard deviation within arms, pooled over the two arms. */
function outcomeDeviation(patients: readonly CompletePatient[]): number {
  const arms = [0, 1].map((arm) => patients.filter((patient) => patient.treatment === arm).map((patient) => patient.outcome))
  const degrees = patients.length - 2
  return Math.sqrt(arms.reduce((sum, arm) => sum + (arm.length - 1) * (variance(arm) ?? 0), 0) / degrees)
}

function deviationWarning(trials: readonly AssessedTrial[]): Fault[] {
  const deviations = trials
    .filter(({ complete }) => complete.length >= patientsForDeviation)
    .map(({ study, complete }) => ({ study, deviation: outcomeDeviation(complete) }))
    .filter(({ deviation }) => deviation > 0)
  if (deviations.length < 2) return []
  const [smallest, ...others] = deviations.sort((first, second) => first.deviation - second.deviation)
  const largest = others.at(-1)!
  const ratio = largest.deviation / smallest.deviation
  if (ratio <= deviationRatio) return []
  const message = `the standard deviation of the outcome is ${ratio.toPrecision(2)} times as large in trial "${largest.study}" as in trial "${smallest.study}"`
  const remedy = 'Check that both give the outcome in the unit of the protocol.'
  return [{ severity: 'warning', code: 'outcome-spread', message, remedy, study: largest.study }]
}

function meanWarnings(trials: readonly AssessedTrial[], { covariates }: Protocol): Fault[] {
  return covariates.flatMap((covariate) => {
    if (covariate.type !== 'continuous' || trials.length < 2) return []
    const values = trials.map(({ complete }) => complete.map((patient) => Number(patient.covariates[covariate.name])))
    const means = values.map((trial) => mean(trial) ?? 0)
    const centre = median(means) ?? 0
    const excess = means.map(
      (own, index) => Math.abs(own - centre) - 2 * Math.sqrt((variance(values[index]) ?? 0) / values[index].length),
    )
    const far = trials.filter((_, index) => excess[index] > meanDistance * covariate.scale).map((trial) => trial.study)
    if (far.length === 0) return []
    const spread = ((max(means) ?? 0) - (min(means) ?? 0)) / covariate.scale
    return [
      {
        severity: 'warning' as const,
        code: 'covariate-means',
        message: `the mean of ${covariate.name} differs between trials by up to ${spread.toPrecision(2)} protocol scales; far from the others: ${far.slice(0, 5).join(', ')}${far.length > 5 ? ', ...' : ''}`,
        remedy:
          'Check the unit in those trials. If the patients really differ, effects for some people are extrapolations from other trials.',
        column: covariate.column ?? covariate.name,
        count: far.length,
      },
    ]
  })
}

function roleWarnings({ covariates }: Protocol): Fault[] {
  return covariates
    .filter((covariate) => covariate.role === 'modifier')
    .map(({ name, column = name }) => ({
      severity: 'warning' as const,
      code: 'modifier-without-main-effect',
      message: `${name} modifies the treatment effect and has no main effect`,
      remedy: 'The interaction then takes up what belongs to the main effect: give it the role both unless there is a reason.',
      column,
    }))
}
