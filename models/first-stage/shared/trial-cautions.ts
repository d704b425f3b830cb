/** What a reader should know of a trial before believing a flexible model of it: where the prior, and not the data, has decided. */
import { deviation, median } from 'd3-array'
import { Matrix } from 'ml-matrix'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { dependentColumns } from '../../../src/data/dependent-columns.js'
import { DataError } from '../../../src/errors/data-error.js'

/** Patients for each coefficient of the linear part below which the prior decides most; the rule of thumb of regression (arbitrary). */
const PATIENTS_PER_COEFFICIENT = 5
/** Patients of an arm below which its outcomes say little of anything but their mean (arbitrary). */
const SMALL_ARM = 10
/** Robust standard deviations from the median of the arm: one of 10^11 normal outcomes. */
const EXTREME = 7
/** Patients of one arm with a level up to which the effect at that level rests on their outcomes alone (arbitrary). */
const FEW_PATIENTS = 2
/** Outcomes that spread by a factor more or less than the reference standard deviation are those of another unit (arbitrary). */
const OTHER_UNIT = 50
/** Of the median absolute deviation, for the standard deviation of normal outcomes. */
const NORMAL_CONSISTENCY = 1.4826

/** Sentences, none for a trial without trouble. */
export function trialCautions(trial: TrialDesign): string[] {
  const few = [...sizeCaution(trial), ...armCaution(trial)]
  const levels = few.length === 0 ? [...levelCautions(trial), ...collinearCautions(trial)] : []
  return [...few, ...levels, ...unitCaution(trial), ...outlierCaution(trial)].map(
    (sentence) => `trial "${trial.study}": ${sentence}`,
  )
}

/** Modifiers of which the trial knows one value, or the second of two in next to nobody of an arm. */
function levelCautions({ columns, covariates, treatment }: TrialDesign): string[] {
  return columns.flatMap(({ name, isModifier }, index) => {
    if (!isModifier) return []
    const values = Array.from(treatment, (_, patient) => covariates[patient * columns.length + index])
    const levels = [...new Set(values)]
    const says = `how the effect differs with it comes from the prior. Leave it out, or pool with trials that know more of it.`
    if (levels.length === 1) return [`${name} is the same for all patients; ${says}`]
    if (levels.length > 2) return []
    const counts = levels.flatMap((level) =>
      [0, 1].map((arm) => values.filter((value, patient) => value === level && treatment[patient] === arm).length),
    )
    const least = Math.min(...counts)
    if (least > FEW_PATIENTS) return []
    const patients = least === 1 ? '1 patient has' : `${least} patients have`
    return [`in one arm only ${patients} one of the two values of ${name}; ${says}`]
  })
}

/** Modifiers that a trial cannot tell apart. One without variation is not among them: `levelCautions` has it. */
function collinearCautions({ columns, covariates, outcome }: TrialDesign): string[] {
  const varying = columns.flatMap(({ isModifier }, index) => {
    const first = covariates[index]
    const isVarying = outcome.some((_, patient) => covariates[patient * columns.length + index] !== first)
    return isModifier && isVarying ? [index] : []
  })
  const design = Array.from(outcome, (_, patient) => [1, ...varying.map((index) => covariates[patient * columns.length + index])])
  const nameOf = (column: number) => columns[varying[column - 1]].name
  return dependentColumns(new Matrix(design)).map(({ column, combinationOf }) => {
    const others = combinationOf.filter((other) => other > 0).map(nameOf)
    return `${nameOf(column)} follows exactly from ${others.join(', ')}; which of them the effect goes with comes from the prior, and so do effects of people in whom they do not go together. Leave one out.`
  })
}

function unitCaution({ outcome }: TrialDesign): string[] {
  const spread = deviation(outcome) ?? 0
  if (spread === 0 || (spread < OTHER_UNIT && spread > 1 / OTHER_UNIT)) return []
  return [
    `its outcomes have a standard deviation of ${spread.toPrecision(2)} times the protocol's reference one, in which all priors are stated. Check the unit of the outcome; sampling may be slow.`,
  ]
}

function sizeCaution({ columns, outcome }: TrialDesign): string[] {
  const count = (is: 'isPrognostic' | 'isModifier') => columns.filter((column) => column[is]).length
  const coefficients = 2 + count('isPrognostic') + count('isModifier')
  if (outcome.length >= PATIENTS_PER_COEFFICIENT * coefficients) return []
  return [
    `${outcome.length} patients for ${coefficients} coefficients of the linear part alone; the prior draws its effects together, towards one effect for all, and differences between people are mostly those that the prior allows. Its own intervals say so by being wide; leave it out, or use fewer covariates, to see how much it matters.`,
  ]
}

function armCaution({ treatment }: TrialDesign): string[] {
  const treated = treatment.reduce((sum, arm) => sum + arm, 0)
  const smallest = Math.min(treated, treatment.length - treated)
  if (smallest >= SMALL_ARM) return []
  return [
    `only ${smallest} ${smallest === 1 ? 'patient' : 'patients'} in the ${treated === smallest ? 'treated' : 'control'} arm; how its effect differs between people comes from the prior.`,
  ]
}

function outlierCaution({ outcome, treatment }: TrialDesign): string[] {
  let isTied = false
  const extreme = [0, 1].flatMap((arm) => {
    const own = Array.from(outcome).filter((_, patient) => treatment[patient] === arm)
    const centre = median(own) as number
    const spread = NORMAL_CONSISTENCY * (median(own, (value) => Math.abs(value - centre)) as number)
    if (spread === 0 && own.length >= SMALL_ARM) isTied = true
    return spread > 0 ? own.filter((value) => Math.abs(value - centre) > EXTREME * spread) : []
  })
  const tied = isTied
    ? [
        'more than half of the outcomes of an arm are the same number; errors are taken to be normal, which such outcomes are not.',
      ]
    : []
  if (extreme.length === 0) return tied
  const [who, verb] = extreme.length === 1 ? ['1 outcome lies', 'it'] : [`${extreme.length} outcomes lie`, 'they']
  return [
    ...tied,
    `${who} more than ${EXTREME} robust standard deviations from the median of the arm; errors are taken to be normal, so that ${verb} widen all intervals and pull the effects of similar patients. Check them, or compare with the linear model and Student-t errors.`,
  ]
}

/**
 * @throws DataError when all outcomes are the same: the posterior of the residual standard deviation is then improper at 0.
 */
export function requireVariedOutcome({ study, outcome }: TrialDesign): void {
  if (outcome.some((value) => value !== outcome[0])) return
  throw new DataError({
    problem: `the outcome of trial "${study}" is the same for all ${outcome.length} patients`,
    reason: 'nothing is left for a residual standard deviation, whose posterior would be improper',
    remedy: 'Check the outcome column of this trial, or leave the trial out of the protocol.',
  })
}
