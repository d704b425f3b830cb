import { readNumber } from './cell-number.js'
import type { Table } from './table.js'

/** What a column holds, judged by its content. */
export interface ColumnProfile {
  readonly column: string
  /** `text`: neither numbers nor few enough levels. `empty`: nothing, or one value only. */
  readonly kind: 'binary' | 'categorical' | 'continuous' | 'identifier' | 'text' | 'empty'
  /** Distinct values, sorted, of a binary or categorical column. */
  readonly levels: readonly string[]
  /** `[row]`, NaN where missing or no number. */
  readonly numbers: Float64Array
  /** `[row]`, `undefined` where missing. */
  readonly cells: readonly (string | undefined)[]
  readonly missingCount: number
  /** First row with text among numbers. */
  readonly textRow?: number
}

const mostLevels = 10
const negativeFirst = [
  ['no', 'yes'],
  ['n', 'y'],
  ['false', 'true'],
  ['absent', 'present'],
]

export function columnProfile(table: Table, column: string, missing: readonly string[]): ColumnProfile {
  const index = table.columns.indexOf(column)
  const cells = table.rows.map((row) => row.cells[index])
  const filled = cells.flatMap((text, row) => (text === '' || missing.includes(text) ? [] : [{ text, row }]))
  const readings = filled.map(({ text, row }) => ({ row, reading: readNumber(text) }))
  const numbers = new Float64Array(cells.length).fill(Number.NaN)
  for (const { row, reading } of readings) if ('value' in reading) numbers[row] = reading.value
  const texts = readings.filter(({ reading }) => 'fault' in reading)
  const distinct = [...new Set(filled.map(({ text }) => text))]
  return {
    column,
    ...kindOf(distinct, texts.length, filled.length, numbers),
    numbers,
    cells: cells.map((text) => (text === '' || missing.includes(text) ? undefined : text)),
    missingCount: cells.length - filled.length,
    ...(texts.length > 0 && { textRow: table.rows[texts[0].row].row }),
  }
}

function kindOf(
  distinct: readonly string[],
  textCount: number,
  count: number,
  numbers: Float64Array,
): Pick<ColumnProfile, 'kind' | 'levels'> {
  const isMostlyNumbers = textCount < 0.2 * count
  if (distinct.length < 2) return { kind: 'empty', levels: distinct }
  if (!isMostlyNumbers) return textKind(distinct, count)
  const values = [...new Set(numbers)].filter((value) => !Number.isNaN(value)).sort((first, second) => first - second)
  if (values.length === 2 && textCount === 0) return { kind: 'binary', levels: values.map(String) }
  const isIdentifier =
    values.length === count && count > mostLevels && values.every((value) => Number.isInteger(value) && value >= 0)
  return { kind: isIdentifier ? 'identifier' : 'continuous', levels: [] }
}

function textKind(distinct: readonly string[], count: number): Pick<ColumnProfile, 'kind' | 'levels'> {
  if (distinct.length === count && count > mostLevels) return { kind: 'identifier', levels: [] }
  if (distinct.length > mostLevels) return { kind: 'text', levels: [] }
  const lower = distinct.map((level) => level.toLowerCase())
  const pair = negativeFirst.find((words) => distinct.length === 2 && words.every((word) => lower.includes(word)))
  if (pair) return { kind: 'binary', levels: pair.map((word) => distinct[lower.indexOf(word)]) }
  return { kind: 'categorical', levels: [...distinct].sort() }
}
