import type { DesignColumn } from '../contract/trial.js'
import { columnValue } from '../data/column-value.js'
import { readCovariateValue } from '../data/covariate-value.js'
import type { Covariate } from '../data/protocol.js'
import { UsageError } from '../errors/usage-error.js'

/**
 * The contrast that turns coefficients into the treatment effect of a person: 1, then (covariate - centre) / scale of every modifier, with
 * a categorical covariate as its indicator columns and one with a spline as itself and its bends.
 *
 * @param covariates in original units, keyed by covariate; a binary one as 0, 1 or its label.
 * @returns `[coefficient]`
 * @throws UsageError when a modifier is not given or has a value that the protocol does not know.
 */
export function personContrast(
  covariates: Readonly<Record<string, number | string>>,
  columns: readonly DesignColumn[],
  declarations: readonly Covariate[],
): Float64Array {
  const modifiers = columns.filter((column) => column.isModifier)
  return Float64Array.from([
    1,
    ...modifiers.map((column) => columnValue(column, covariateNumber(covariates, column, declarations))),
  ])
}

/** The covariate in original units, or the indicator of the column's level. */
function covariateNumber(
  covariates: Readonly<Record<string, number | string>>,
  column: DesignColumn,
  declarations: readonly Covariate[],
): number {
  const value = covariates[column.covariate]
  const declaration = declarations.find((candidate) => candidate.name === column.covariate)
  if (value === undefined || !declaration) throw unusable(column, 'is not given')
  if (typeof value === 'number' && column.level === undefined) return value
  const reading = readCovariateValue(String(value), declaration)
  if ('fault' in reading) throw unusable(column, `cannot be used: ${reading.fault.message}`)
  if (column.level !== undefined) return reading.value === column.level ? 1 : 0
  return Number(reading.value)
}

function unusable(column: DesignColumn, what: string): UsageError {
  return new UsageError({
    problem: `the modifier "${column.covariate}" ${what}`,
    reason: "a person's treatment effect depends on every modifier",
    remedy: 'Give a number in the units of the protocol, or one of its labels.',
  })
}
