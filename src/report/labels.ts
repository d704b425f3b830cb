import type { Analysis, Person } from '../contract/analysis.js'
import type { DesignColumn } from '../contract/trial.js'
import type { Covariate, Protocol } from '../data/protocol.js'

/** `HAM-D score at 8 weeks`. */
export function outcomeName({ outcome }: Protocol): string {
  return outcome.name ?? outcome.column
}

/** `mirtazapine`; `treatment` when the data only say 1. */
export function treatedName({ data: { treatment } }: Protocol): string {
  return treatment.name ?? (treatment.treated === '1' ? 'treatment' : treatment.treated)
}

/** `placebo`; `control` when the data only say 0. */
export function controlName({ data: { treatment } }: Protocol): string {
  return treatment.control === '0' ? 'control' : treatment.control
}

/** ` points`, with its space; empty without a unit. */
export function unitSuffix({ outcome }: Protocol): string {
  return outcome.unit ? ` ${outcome.unit}` : ''
}

/** `1 point`, `2.5 points`: the smallest important effect with its unit. */
export function smallestImportantLabel({ outcome, smallestImportantEffect: size }: Protocol): string {
  const { unit } = outcome
  return unit ? `${size} ${size === 1 ? singular(unit) : unit}` : String(size)
}

/** `Effect on HAM-D score at 8 weeks (points)`. */
export function effectAxisLabel(protocol: Protocol): string {
  return `Effect on ${outcomeName(protocol)}${protocol.outcome.unit ? ` (${protocol.outcome.unit})` : ''}`
}

/** The arm that is better to the left and to the right of zero. */
export function directions(protocol: Protocol): readonly [string, string] {
  const [control, treated] = [controlName(protocol), treatedName(protocol)]
  return protocol.outcome.better === 'higher' ? [control, treated] : [treated, control]
}

/** What one unit of a modifier is: `age, per year`, `sex: male against female`. */
export function contrastLabel(column: DesignColumn, protocol: Protocol): string {
  const covariate = protocol.covariates.find((candidate) => candidate.name === column.covariate)
  if (column.level !== undefined) return `${column.covariate}: ${column.level} against ${referenceLevel(covariate)}`
  if (column.spline) return splineLabel(column, column.spline)
  if (covariate?.type === 'binary')
    return `${column.covariate}: ${covariate.labels?.[1] ?? '1'} against ${covariate.labels?.[0] ?? '0'}`
  return `${column.covariate}, per ${singular(column.unit)}`
}

/** Coefficients of a spline are not read one by one: the first is the slope below the knots, the others bend the curve. */
function splineLabel({ covariate, unit }: DesignColumn, { knots, term }: NonNullable<DesignColumn['spline']>): string {
  if (term === 0) return `${covariate}, per ${singular(unit)} below the knot at ${knots[0]}`
  return `${covariate}: bend ${term} of ${knots.length - 2} of its spline, from the knot at ${knots[term - 1]}`
}

/** Unit of a change in effect: `points per year`, or `points` for an indicator. */
export function interactionUnit(column: DesignColumn, protocol: Protocol): string {
  const isIndicator =
    column.level !== undefined || protocol.covariates.find(({ name }) => name === column.covariate)?.type === 'binary'
  const unit = protocol.outcome.unit ?? ''
  return isIndicator ? unit : `${unit} per ${singular(column.unit)}`.trim()
}

/** `year` for `years`; units that are symbols stay as they are. */
function singular(unit = 'unit'): string {
  return /^[a-z]{3,}[^s]s$/.test(unit) ? unit.slice(0, -1) : unit
}

/** Column label of a covariate with its unit. */
export function covariateHeading(covariate: Covariate): string {
  return covariate.type === 'continuous' && covariate.unit ? `${covariate.name} (${covariate.unit})` : covariate.name
}

/** Value of a covariate in words: labels for a binary one, the unit for a continuous one. */
export function covariateValue(covariate: Covariate, value: number | string | undefined): string {
  if (value === undefined) return '–'
  if (covariate.type === 'binary') return typeof value === 'number' ? (covariate.labels?.[value] ?? String(value)) : value
  return String(value).replace(/^-(?=[\d.])/, '−')
}

/** `age 50 years, sex male, smoker no`. */
export function describePerson(person: Person, protocol: Protocol): string {
  return protocol.covariates
    .filter((covariate) => person.covariates[covariate.name] !== undefined)
    .map((covariate) => {
      if (covariate.type === 'binary' && covariate.labels) return covariateValue(covariate, person.covariates[covariate.name])
      const unit = covariate.type === 'continuous' && covariate.unit ? ` ${covariate.unit}` : ''
      return `${covariate.name} ${covariateValue(covariate, person.covariates[covariate.name])}${unit}`
    })
    .join(', ')
}

/** The smallest important effect with the sign of a benefit; undefined when any benefit counts. */
export function importantEffect({ smallestImportantEffect, outcome }: Protocol): number | undefined {
  if (smallestImportantEffect === 0) return undefined
  return outcome.better === 'higher' ? smallestImportantEffect : -smallestImportantEffect
}

function referenceLevel(covariate: Covariate | undefined): string {
  return covariate?.type === 'categorical' ? (covariate.reference ?? covariate.levels[0]) : 'the reference'
}

/** What an interval of the average setting or of an existing trial is. */
export function intervalKind({ pooled }: Pick<Analysis, 'pooled'>): 'credible' | 'confidence' {
  return pooled.isConfidence ? 'confidence' : 'credible'
}
