import { csvParseRows } from 'd3-dsv'
import { DataError } from '../errors/data-error.js'
import { columnLayout } from './column-layout.js'
import type { Draws, Variable } from './draws.js'
import { drawsText } from './draws-text.js'
import { parseCount, parseNumber } from './parse-cell.js'
import { printable } from './printable.js'
import { rowOrder } from './row-order.js'
import { indexColumns, weightColumn } from './table-columns.js'

/**
 * Draws from CSV in the wide format of R package posterior, the inverse of `toTable`: values and scalar names come back exactly. Columns
 * named `gamma[age]` or `Omega[a,b]` become one variable; its dimensions are called `dimension 1` and so on, since the format has no names
 * for them. Rows may come in any order.
 * @throws DataError with file, row and column for a missing or repeated column, a row of another length, a cell that is not a number, and
 * chains that are not numbered from 1 with the same draws.
 * @example
 * ```ts
 * import { fromTable, show } from 'poolite'
 *
 * const draws = fromTable('.chain,.iteration,.draw,mu\n1,1,1,0.5\n1,2,2,1.5\n', 'draws.csv')
 * draws.drawCount // => 2
 * show(draws)
 * ```
 */
export function fromTable(csv: string, fileName: string): Draws {
  const [header = [], ...rows] = csvParseRows(csv.replace(/^\uFEFF/, ''))
  const positionOf = requireColumns(header, fileName)
  requireRectangle(header, rows, fileName)
  const cells = (name: string, parse: typeof parseNumber): number[] => {
    const position = positionOf.get(name)!
    return rows.map((row, index) => parse(row[position], { file: fileName, row: index + 2, column: name }))
  }
  const { chainCount, drawCount, positions } = rowOrder(cells('.chain', parseCount), cells('.iteration', parseCount), fileName)
  const interleave = (columns: readonly string[]): Float64Array => {
    const values = new Float64Array(rows.length * columns.length)
    columns.forEach((name, element) => {
      cells(name, parseNumber).forEach((value, row) => {
        values[positions[row] * columns.length + element] = value
      })
    })
    return values
  }
  const reserved = new Set<string>([...indexColumns, weightColumn])
  const variables = columnLayout(header.filter((name) => !reserved.has(name))).map(
    ({ name, dimensions, columns }): Variable => ({ name, dimensions, values: interleave(columns) }),
  )
  return printable(
    { chainCount, drawCount, variables, ...(positionOf.has(weightColumn) && { logWeights: interleave([weightColumn]) }) },
    drawsText,
  )
}

/** Position of every column. */
function requireColumns(header: readonly string[], file: string): Map<string, number> {
  const missing = indexColumns.find((name) => !header.includes(name))
  if (missing)
    throw new DataError({
      file,
      row: 1,
      problem: `no column "${missing}"`,
      reason: 'a table of draws says which chain and draw each row holds',
      remedy: 'Add the columns .chain, .iteration and .draw, counted from 1, as posterior::as_draws_df does.',
    })
  const positions = new Map<string, number>()
  header.forEach((column, position) => {
    if (positions.has(column))
      throw new DataError({ file, row: 1, column, problem: 'this column occurs twice', remedy: 'Rename or remove one of them.' })
    positions.set(column, position)
  })
  return positions
}

function requireRectangle(header: readonly string[], rows: readonly string[][], file: string): void {
  if (rows.length === 0)
    throw new DataError({ file, problem: 'the table has no draws', remedy: 'Give at least one row after the header.' })
  const odd = rows.findIndex((row) => row.length !== header.length)
  if (odd !== -1)
    throw new DataError({
      file,
      row: odd + 2,
      problem: `this row has ${rows[odd].length} cells and the header has ${header.length}`,
      reason: 'a row is cut short, or a name with a comma is not quoted',
      remedy: 'Write the file again, or remove the row if the file was cut off while it was being written.',
    })
}
