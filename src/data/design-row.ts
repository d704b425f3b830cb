import type { DesignColumn } from '../contract/trial.js'
import { DataError } from '../errors/data-error.js'
import { columnValue } from './column-value.js'

/**
 * A person's row of the design matrix, `[column]`: (value or spline term - centre) / scale, or the indicator of a level.
 * @param covariates original units, keyed by covariate name; binary as 0 or 1, categorical as the level
 * @throws DataError when a covariate is absent or no finite number.
 */
export function designRow(covariates: Readonly<Record<string, number | string>>, columns: readonly DesignColumn[]): Float64Array {
  return Float64Array.from(columns, (column) => {
    const value = covariates[column.covariate]
    if (column.level !== undefined && value !== undefined)
      return ((String(value) === column.level ? 1 : 0) - column.centre) / column.scale
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new DataError({
        problem: `no value of ${column.covariate} for this person`,
        remedy: 'Give a finite number.',
        column: column.covariate,
      })
    return columnValue(column, value)
  })
}
