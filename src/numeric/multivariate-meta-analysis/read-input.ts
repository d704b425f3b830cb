/** What the user gives to a meta-analysis, checked and turned into arrays. */
import { DataError } from '../../errors/data-error.js'
import { choleskyInPlace } from '../cholesky.js'
import type { MissingPolicy } from './options.js'
import type { MetaAnalysisProblem, Term, TrialProblem } from './problem.js'

export interface Moderator {
  readonly name: string
  /** `[trial]` */
  readonly values: ArrayLike<number>
  /** Names of the coefficients that it acts on; all when left out. */
  readonly coefficients?: readonly string[]
}

export interface MetaAnalysisInput {
  /** `[trial]` of `[coefficient]`; NaN where the trial lacks the coefficient, as is one with infinite or NaN variance. */
  readonly estimates: readonly ArrayLike<number>[]
  /** `[trial]` of `[coefficient, coefficient]`, row-major. */
  readonly covariances: readonly ArrayLike<number>[]
  /** `1`, `2` and so on when left out. */
  readonly coefficientNames?: readonly string[]
  readonly studies?: readonly string[]
  readonly moderators?: readonly Moderator[]
}

export interface NamedProblem extends MetaAnalysisProblem {
  readonly coefficientNames: readonly string[]
  readonly studies: readonly string[]
  readonly moderatorNames: readonly string[]
  /** Left out for all trials because some trial lacks them. */
  readonly droppedCoefficients: readonly string[]
}

/** @throws DataError when shapes disagree, a covariance is not positive definite, a coefficient is missing that must not be, or too few trials are left. */
export function readInput(input: MetaAnalysisInput, missing: MissingPolicy): NamedProblem {
  const { estimates, covariances, moderators = [] } = input
  const width = estimates[0]?.length ?? 0
  const allNames = input.coefficientNames ?? Array.from({ length: width }, (_, index) => `${index + 1}`)
  const studies = input.studies ?? estimates.map((_, index) => `${index + 1}`)
  checkShapes(input, allNames, studies)
  const has = estimates.map((estimate, trial) =>
    allNames.map((_, i) => Number.isFinite(estimate[i]) && Number.isFinite(covariances[trial][i * (width + 1)])),
  )
  const isIncomplete = allNames.map((_, i) => has.some((row) => !row[i]))
  if (missing === 'refuse') refuseMissing(has, allNames, studies)
  const kept = allNames.flatMap((_, i) => (missing === 'drop' && isIncomplete[i] ? [] : [i]))
  if (kept.length === 0)
    throw new DataError({
      problem: 'no coefficient is left to pool',
      reason: 'every coefficient is missing in some trial, and the option is to drop those',
      remedy: 'Choose `use` for missing coefficients, or leave out the trials with little in common.',
    })
  const names = kept.map((i) => allNames[i])
  const terms = termsOf(names, moderators)
  const trials = estimates.map((estimate, trial): TrialProblem => {
    const observed = kept.flatMap((i, at) => (has[trial][i] ? [at] : []))
    return readTrial(studies[trial], estimate, covariances[trial], { kept, observed, width, terms, moderators, trial })
  })
  const droppedCoefficients = allNames.filter((name) => !names.includes(name))
  const problem = { size: names.length, terms, trials }
  requireEnoughTrials(problem, names)
  return { ...problem, coefficientNames: names, studies, moderatorNames: moderators.map(({ name }) => name), droppedCoefficients }
}

function checkShapes(input: MetaAnalysisInput, names: readonly string[], studies: readonly string[]): void {
  const { estimates, covariances, moderators = [] } = input
  const refuse = (problem: string) => {
    throw new DataError({ problem, remedy: 'Give one estimate and one covariance a trial, all over the same coefficients.' })
  }
  if (estimates.length < 2)
    refuse(estimates.length === 0 ? 'there is no trial to pool' : `there is only one trial, "${studies[0]}", to pool`)
  if (covariances.length !== estimates.length)
    refuse(`there are ${estimates.length} estimates but ${covariances.length} covariances`)
  if (studies.length !== estimates.length) refuse(`there are ${estimates.length} estimates but ${studies.length} names of trials`)
  estimates.forEach((estimate, trial) => {
    if (estimate.length !== names.length)
      refuse(`trial "${studies[trial]}" has ${estimate.length} coefficients, and ${names.length} are named`)
    if (covariances[trial].length !== names.length ** 2)
      refuse(
        `the covariance of trial "${studies[trial]}" has ${covariances[trial].length} elements instead of ${names.length ** 2}`,
      )
  })
  for (const { name, values, coefficients = [] } of moderators) {
    if (values.length !== estimates.length || !Array.from(values).every(Number.isFinite))
      refuse(`the moderator "${name}" needs a finite value for each of the ${estimates.length} trials`)
    const stranger = coefficients.find((coefficient) => !names.includes(coefficient))
    if (stranger !== undefined) refuse(`the moderator "${name}" acts on "${stranger}", which is not a coefficient`)
  }
}

function refuseMissing(has: readonly (readonly boolean[])[], names: readonly string[], studies: readonly string[]): void {
  const trial = has.findIndex((row) => row.includes(false))
  if (trial < 0) return
  const lacking = names.filter((_, i) => !has[trial][i])
  throw new DataError({
    problem: `trial "${studies[trial]}" lacks ${lacking.map((name) => `"${name}"`).join(', ')}`,
    reason:
      'coefficients of a model that leaves out a modifier are not quite those of the full model, so that this needs a decision',
    remedy:
      'Set missing coefficients to `use` (what each trial has) or `drop` (those coefficients, in all trials), or leave the trial out.',
  })
}

function termsOf(names: readonly string[], moderators: readonly Moderator[]): Term[] {
  return names.flatMap((name, coefficient): Term[] => [
    { coefficient },
    ...moderators.flatMap(({ coefficients }, moderator) =>
      (coefficients?.includes(name) ?? true) ? [{ coefficient, moderator }] : [],
    ),
  ])
}

interface Reading {
  readonly kept: readonly number[]
  readonly observed: readonly number[]
  readonly width: number
  readonly terms: readonly Term[]
  readonly moderators: readonly Moderator[]
  readonly trial: number
}

function readTrial(study: string, estimate: ArrayLike<number>, covariance: ArrayLike<number>, reading: Reading): TrialProblem {
  const { kept, observed, width, terms, moderators, trial } = reading
  const size = kept.length
  const own = { estimate: new Float64Array(size), covariance: new Float64Array(size * size) }
  const packed = new Float64Array(observed.length ** 2)
  observed.forEach((row, packedRow) => {
    own.estimate[row] = estimate[kept[row]]
    observed.forEach((column, packedColumn) => {
      const pair = [covariance[kept[row] * width + kept[column]], covariance[kept[column] * width + kept[row]]]
      own.covariance[row * size + column] = (pair[0] + pair[1]) / 2
      packed[packedRow * observed.length + packedColumn] = own.covariance[row * size + column]
    })
  })
  if (observed.length === 0 || !choleskyInPlace(packed, observed.length)) refuseCovariance(study, observed.length)
  const design = new Float64Array(size * terms.length)
  terms.forEach(({ coefficient, moderator }, a) => {
    design[coefficient * terms.length + a] = moderator === undefined ? 1 : moderators[moderator].values[trial]
  })
  return { observed, ...own, design }
}

function refuseCovariance(study: string, count: number): never {
  if (count === 0)
    throw new DataError({
      problem: `trial "${study}" has none of the coefficients`,
      remedy: 'Leave the trial out.',
    })
  throw new DataError({
    problem: `the covariance of the coefficients of trial "${study}" is not positive definite`,
    reason: 'its design is singular or nearly so, or a value is not a number',
    remedy: 'Leave the trial out, drop a covariate that does not vary in it, or use a first-stage model with proper priors.',
  })
}

/** Each coefficient needs more trials than trial-level columns; two trials for an intercept. */
function requireEnoughTrials({ size, terms, trials }: MetaAnalysisProblem, names: readonly string[]): void {
  for (let i = 0; i < size; i++) {
    const columnCount = terms.filter(({ coefficient }) => coefficient === i).length
    const count = trials.filter(({ observed }) => observed.includes(i)).length
    if (count > columnCount) continue
    throw new DataError({
      problem: `"${names[i]}" is estimated in ${count} ${count === 1 ? 'trial' : 'trials'} only`,
      reason: `its mean has ${columnCount} trial-level ${columnCount === 1 ? 'term' : 'terms'}, which leaves nothing to tell differences between trials from`,
      remedy: columnCount > 1 ? 'Use fewer moderators.' : 'Drop the coefficient, or add trials that have it.',
    })
  }
}
