import type { TrialDesign } from '../contract/trial.js'
import { dependentColumns } from './dependent-columns.js'
import { coefficientNames } from './design-columns.js'
import { designMatrix } from './design-matrix.js'
import { listing } from './wording.js'

/** Why a trial cannot estimate all coefficients of its linear design. */
export interface DesignProblem {
  readonly code: 'one-arm' | 'too-few-patients' | 'singular-design' | 'covariate-not-measured'
  /** One clause, such as `free_lunch is the same for all treated patients`. */
  readonly message: string
  /** Covariates concerned; empty for the first two codes. */
  readonly covariates: readonly string[]
}

/** The first reason why the design matrix (intercept, main effects, treatment, interactions) is singular, or `undefined` when it is not. */
export function designProblem(trial: TrialDesign): DesignProblem | undefined {
  const patientCount = trial.treatment.length
  const treatedCount = trial.treatment.reduce((sum, arm) => sum + arm, 0)
  if (treatedCount === 0 || treatedCount === patientCount) {
    const arm = treatedCount === 0 ? 'control' : 'treated'
    return { code: 'one-arm', message: `all ${patientCount} complete patients are in the ${arm} arm`, covariates: [] }
  }
  const names = coefficientNames(trial.columns)
  if (patientCount <= names.length)
    return {
      code: 'too-few-patients',
      message: `${patientCount} complete patients for ${names.length} coefficients`,
      covariates: [],
    }
  return singularity(trial, names)
}

function singularity(trial: TrialDesign, names: readonly string[]): DesignProblem | undefined {
  const reports = new Map<string, string>()
  for (const { column, combinationOf } of dependentColumns(designMatrix(trial))) {
    const name = columnName(names[column])
    const partners = combinationOf.map((index) => names[index]).filter((partner) => partner !== 'intercept')
    if (!reports.has(name))
      reports.set(
        name,
        bendText(trial, name) ?? constancy(trial, name) ?? `${names[column]} is an exact combination of ${listing(partners)}`,
      )
  }
  if (reports.size === 0) return undefined
  const covariateOf = (name: string) => trial.columns.find((column) => column.name === name)?.covariate ?? name
  const concerned = [...reports.keys()].map((name) => (bendText(trial, name) ? covariateOf(name) : name))
  return { code: 'singular-design', message: listing([...reports.values()]), covariates: [...new Set(concerned)] }
}

/** What lacks when a bend of a spline cannot be estimated: patients on both sides of its knots. */
function bendText({ columns }: TrialDesign, name: string): string | undefined {
  const column = columns.find((candidate) => candidate.name === name)
  if (!column?.spline?.term) return undefined
  const { knots, term } = column.spline
  return `${column.covariate} has too few different values about the knots for bend ${term} of its spline, from ${knots[term - 1]} to ${knots[knots.length - 1]} (knots ${knots.join(', ')})`
}

/** The covariate column behind a coefficient. */
function columnName(coefficient: string): string {
  return coefficient.replace(/^treatment:/, '')
}

function constancy({ columns, covariates, treatment }: TrialDesign, name: string): string | undefined {
  const index = columns.findIndex((column) => column.name === name)
  if (index < 0) return undefined
  const isConstant = (arm?: number) => {
    const values = Array.from(treatment, (own, patient) =>
      arm === undefined || own === arm ? [covariates[patient * columns.length + index]] : [],
    ).flat()
    return values.every((value) => value === values[0])
  }
  if (isConstant()) return `${name} is the same for all patients`
  if (isConstant(1)) return `${name} is the same for all treated patients`
  if (isConstant(0)) return `${name} is the same for all control patients`
  return undefined
}
