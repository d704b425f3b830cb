import { dsvFormat } from 'd3-dsv'
import { DataError } from '../errors/data-error.js'
import { refuseOtherKinds } from './file-kind.js'
import type { Table, TableRow } from './table.js'
import { counted, listing } from './wording.js'

/**
 * Reads delimited text (comma, or semicolon or tab where the header has no comma) with a header row. Blank rows and a byte order mark are
 * skipped; cells are trimmed and stay text.
 * @throws DataError for anything that is no such table, ragged rows, repeated column names, a missing header, no rows.
 * @example
 * ```ts
 * import { readTable } from 'poolite'
 *
 * readTable('study,outcome\nACT-1,2.5\nACT-2,3\n', 'trials.csv').rows.length // => 2
 * ```
 */
export function readTable(text: string, fileName: string): Table {
  const content = text.replace(/^\uFEFF/, '')
  refuseOtherKinds(content, fileName)
  const [header, ...rows] = numberedRows(content, delimiterOf(content, fileName))
  checkHeader(header, fileName)
  const filled = rows.filter((row) => row.cells.some((cell) => cell !== ''))
  if (filled.length === 0)
    throw new DataError({
      problem: 'the file has a header and no patients',
      remedy: 'Give one row per patient under the header.',
      file: fileName,
    })
  checkWidths(header.cells.length, filled, content, fileName)
  return { file: fileName, columns: header.cells, rows: filled }
}

function delimiterOf(content: string, file: string): string {
  const firstLine = content
    .trimStart()
    .split(/\r\n|\n|\r/, 1)[0]
    .replace(/"[^"]*"/g, '')
  const delimiter = [',', ';', '\t'].find((candidate) => firstLine.includes(candidate))
  if (delimiter) return delimiter
  const hint = firstLine.includes('|') ? ' Columns separated by | are not read.' : ''
  throw new DataError({
    problem: 'the header has a single column',
    reason: 'no comma, semicolon or tab in the first row',
    remedy: `Give a CSV file with one row per patient and columns for the study, the treatment, the outcome and the covariates.${hint}`,
    file,
    row: 1,
  })
}

/** Rows with the line on which they begin: line breaks inside quoted cells count. Blank lines before the header are skipped. */
function numberedRows(content: string, delimiter: string): TableRow[] {
  let line = 1
  const rows = dsvFormat(delimiter)
    .parseRows(content)
    .map((cells) => {
      const row = { row: line, cells: cells.map((cell) => cell.trim()) }
      line += 1 + cells.reduce((breaks, cell) => breaks + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0)
      return row
    })
  return rows.slice(rows.findIndex((row) => row.cells.some((cell) => cell !== '')))
}

function checkHeader({ row, cells }: TableRow, file: string): void {
  const names = cells.filter((name) => name !== '')
  const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) < index))]
  if (repeated.length)
    throw new DataError({
      problem: `${repeated.length === 1 ? 'the column name' : 'the column names'} ${listing(repeated.map((name) => `"${name}"`))} stand twice or more in the header`,
      remedy: 'Give every column its own name.',
      file,
      row,
      column: repeated[0],
    })
  if (names.every((name) => Number.isFinite(Number(name))))
    throw new DataError({
      problem: 'the first row holds numbers, not column names',
      remedy: 'Add a header row that names the columns.',
      file,
      row,
    })
}

function checkWidths(width: number, rows: readonly TableRow[], content: string, file: string): void {
  const ragged = rows.filter((row) => row.cells.length !== width)
  if (ragged.length === 0) return
  const [first] = ragged
  const isOpenQuote = first === rows.at(-1) && (content.match(/"/g)?.length ?? 0) % 2 === 1
  const isRowNames = ragged.length === rows.length && ragged.every((row) => row.cells.length === width + 1)
  throw new DataError({
    problem: `${counted(first.cells.length, 'cell')} where the header has ${width}`,
    reason:
      ragged.length > 1 ? `${ragged.length} rows differ in length from the header` : 'the row differs in length from the header',
    remedy: raggedRemedy(isOpenQuote, isRowNames),
    file,
    row: first.row,
  })
}

function raggedRemedy(isOpenQuote: boolean, isRowNames: boolean): string {
  if (isOpenQuote) return 'A quotation mark that opens in this row is never closed: remove it or close it.'
  if (isRowNames)
    return 'The header lacks a name for the first column: write the file without row names (in R: row.names = FALSE).'
  return 'Look for a missing or extra delimiter, or a comma inside a cell without quotation marks.'
}
