import type { SummaryRow } from './summary-row.js'

const headings = [
  'variable',
  'mean',
  'median',
  'sd',
  'mad',
  'q2.5',
  'q5',
  'q95',
  'q97.5',
  'rhat',
  'ess_bulk',
  'ess_tail',
  'mcse_mean',
]

/**
 * Summary rows as an aligned text table for terminals and notebooks, under the column names of R package posterior. Values of a row share
 * the decimals that give its standard deviation three digits; what is not defined, as for a constant, is a dash. No final newline.
 */
export function summaryTable(rows: readonly SummaryRow[]): string {
  return alignedColumns(headings, rows.map(cells))
}

/** Names to the left, numbers to the right. No final newline. */
export function alignedColumns(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = [header, ...rows]
  const widths = header.map((_, column) => table.reduce((widest, line) => Math.max(widest, line[column].length), 0))
  return table
    .map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '))
    .join('\n')
}

function cells(row: SummaryRow): string[] {
  const { mean, median, sd, mad, q2_5, q5, q95, q97_5, rhat, essBulk, essTail, mcseMean } = row
  const format = formatter(sd)
  const numbers = [mean, median, sd, mad, q2_5, q5, q95, q97_5].map(format)
  const texts = [...numbers, rhat.toFixed(3), essBulk.toFixed(0), essTail.toFixed(0), shortest(mcseMean, 2)]
  return [row.name, ...texts.map((text) => (text === 'NaN' ? '-' : text))]
}

/** Fixed decimals for a standard deviation between 1e-4 and 1e6, significant digits otherwise. */
export function formatter(sd: number): (value: number) => string {
  if (!(sd >= 1e-4 && sd < 1e6)) return (value) => shortest(value, 4)
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(sd)))
  return (value) => (Math.abs(value) < 1e12 ? value.toFixed(decimals) : shortest(value, 4))
}

function shortest(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)))
}
