import type { DesignColumn } from '../contract/trial.js'

/**
 * Rows of a design, as models of a prognostic and a treatment part take them apart.
 * @param rows `[row, column]`
 * @returns `[row, covariate]` and `[row, modifier]`
 */
export function designParts(
  rows: Float64Array,
  rowCount: number,
  columns: readonly DesignColumn[],
): { readonly covariates: Float64Array; readonly modifiers: Float64Array } {
  const part = (isWanted: (column: DesignColumn) => boolean) => {
    const wanted = columns.flatMap((column, index) => (isWanted(column) ? [index] : []))
    return Float64Array.from(
      { length: rowCount * wanted.length },
      (_, at) => rows[Math.floor(at / wanted.length) * columns.length + wanted[at % wanted.length]],
    )
  }
  return { covariates: part(({ isPrognostic }) => isPrognostic), modifiers: part(({ isModifier }) => isModifier) }
}
