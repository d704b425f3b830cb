import { DataError } from '../errors/data-error.js'

/** Where in a file a cell lies, for error messages. */
export interface Place {
  readonly file: string
  /** 1-based line, header included. */
  readonly row: number
  readonly column: string
}

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  infinity: Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
}

/**
 * A decimal number, or NaN and infinities as JavaScript and R write them.
 * @throws DataError for anything else; an empty cell is not zero.
 */
export function parseNumber(text: string, place: Place): number {
  const trimmed = text.trim()
  if (decimal.test(trimmed)) return Number(trimmed)
  const value = special[trimmed.toLowerCase()]
  if (value === undefined)
    throw new DataError({
      ...place,
      problem: trimmed === '' ? 'the cell is empty' : `"${trimmed}" is not a number`,
      remedy: 'Give every draw as a decimal number; missing draws are not allowed.',
    })
  return value
}

/**
 * A whole number from 1.
 * @throws DataError for anything else.
 */
export function parseCount(text: string, place: Place): number {
  if (!/^[1-9]\d*$/.test(text.trim()))
    throw new DataError({
      ...place,
      problem: `"${text}" is not a count from 1`,
      remedy: 'Number chains and draws 1, 2, 3 and so on.',
    })
  return Number(text)
}
