import { csvFormatRow } from 'd3-dsv'
import { type Draws, elementCount, scalarNames } from './draws.js'
import { exactText } from './exact-text.js'
import { indexColumns, weightColumn } from './table-columns.js'

/**
 * The draws as CSV in the wide format of R package posterior: `.chain,.iteration,.draw`, `.log_weight` for weighted draws, then one column
 * per scalar; names with commas are quoted. Read it in R with `posterior::as_draws_df(read.csv(file, check.names = FALSE))`.
 *
 * Numbers are written with the fewest digits that give back the same float64. Chain after chain, so that the table of the first chain alone
 * is a prefix of the table of all. Ends with a newline. Variables without elements leave no column.
 * @example
 * ```ts
 * import { fromTable, toTable } from 'poolite'
 *
 * const csv = '.chain,.iteration,.draw,mu\n1,1,1,0.5\n1,2,2,1.5\n'
 * toTable(fromTable(csv, 'draws.csv')) === csv // => true
 * ```
 */
export function toTable(draws: Draws): string {
  const columns = draws.variables.map((variable) => ({ values: variable.values, size: elementCount(variable) }))
  const weights = draws.logWeights ? [weightColumn] : []
  const header = csvFormatRow([...indexColumns, ...weights, ...draws.variables.flatMap(scalarNames)])
  const lines = [header]
  for (let chain = 0; chain < draws.chainCount; chain++)
    for (let draw = 0; draw < draws.drawCount; draw++) {
      const row = chain * draws.drawCount + draw
      const cells = [String(chain + 1), String(draw + 1), String(row + 1)]
      if (draws.logWeights) cells.push(exactText(draws.logWeights[row]))
      for (const { values, size } of columns)
        for (let index = row * size; index < (row + 1) * size; index++) cells.push(exactText(values[index]))
      lines.push(cells.join(','))
    }
  return `${lines.join('\n')}\n`
}
