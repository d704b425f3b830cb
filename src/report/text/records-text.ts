import { formatNumber } from '../number-format.js'
import { textTable } from './text-table.js'

export type Fields = Readonly<Record<string, unknown>>

/**
 * Records of one kind as a table: numbers, words, and estimates with an interval or a standard error; fields that hold anything else are left out.
 * Ends in a line feed.
 */
export function recordsText(records: readonly Fields[]): string {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].filter((name) =>
    records.every((record) => isShowable(record[name])),
  )
  const columns = names.map((name) => columnTexts(records.map((record) => record[name])))
  return textTable(
    names.map(inWords),
    records.map((_, row) => columns.map((column) => column[row])),
  )
}

/** One record, a line for each of its fields that can be shown so. Ends in a line feed. */
export function fieldsText(record: Fields): string {
  const shown = Object.entries(record).filter(([, value]) => value !== undefined && isShowable(value))
  const width = Math.max(0, ...shown.map(([name]) => inWords(name).length))
  return shown.map(([name, value]) => `${inWords(name).padEnd(width)}  ${columnTexts([value])[0]}\n`).join('')
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

/** `effectiveParameters` -> `effective parameters` */
const inWords = (name: string): string => name.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`)

interface Estimate {
  readonly centre: number
  readonly lower?: number
  readonly upper?: number
  readonly standardError?: number
}

function estimateIn(value: unknown): Estimate | undefined {
  if (typeof value === 'number') return { centre: value }
  if (!isFields(value)) return undefined
  const { estimate, mean, median, lower, upper, standardError } = value
  const centre = [estimate, mean, median].find((one) => typeof one === 'number')
  if (centre === undefined) return undefined
  if (typeof lower === 'number' && typeof upper === 'number') return { centre, lower, upper }
  return typeof standardError === 'number' ? { centre, standardError } : undefined
}

const isShowable = (value: unknown): boolean =>
  ['undefined', 'string', 'boolean', 'bigint'].includes(typeof value) || estimateIn(value) !== undefined

/** Values of one column share their decimals: as many as give the largest four digits. */
function columnTexts(values: readonly unknown[]): string[] {
  const numbers = values.flatMap((value) => {
    const { centre = Number.NaN, lower = 0, upper = 0, standardError = 0 } = estimateIn(value) ?? {}
    return [centre, lower, upper, standardError].filter(Number.isFinite)
  })
  const largest = Math.max(0, ...numbers.map(Math.abs))
  const isWhole = numbers.every(Number.isInteger)
  const decimals = isWhole || largest === 0 ? 0 : Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(largest))))
  const format = (value: number) => formatNumber(value, decimals)
  return values.map((value) => {
    const estimate = estimateIn(value)
    if (!estimate) return value === undefined ? '' : String(value)
    const { centre, lower, upper, standardError } = estimate
    if (lower !== undefined) return `${format(centre)} (${format(lower)} to ${format(upper!)})`
    return standardError === undefined ? format(centre) : `${format(centre)} (SE ${format(standardError)})`
  })
}
