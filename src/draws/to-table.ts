import { csvFormatRow } from 'd3-dsv'
import { type Draws, elementCount, scalarNames } from './draws.js'
import { eachBlock } from './each-block.js'
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
  return [...tableLines(draws)].join('')
}

/** The same, line by line. */
export function* tableLines(draws: Draws): Generator<string> {
  const { drawCount, variables, logWeights } = draws
  const sizes = variables.map(elementCount)
  yield `${csvFormatRow([...indexColumns, ...(logWeights ? [weightColumn] : []), ...variables.flatMap(scalarNames)])}\n`
  for (const { chain, firstDraw, drawCount: count, values } of eachBlock(draws))
    for (let draw = 0; draw < count; draw++) {
      const row = chain * drawCount + firstDraw + draw
      const cells = [String(chain + 1), String(firstDraw + draw + 1), String(row + 1)]
      if (logWeights) cells.push(exactText(logWeights[row]))
      values.forEach((one, variable) => {
        const end = (draw + 1) * sizes[variable]
        for (let index = draw * sizes[variable]; index < end; index++) cells.push(exactText(one[index]))
      })
      yield `${cells.join(',')}\n`
    }
}
