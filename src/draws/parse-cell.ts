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
  '-nan': Number.NaN,
  inf: Infinity,
  '+inf': Infinity,
  infinity: Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
}

/** A decimal number, or NaN and infinities as JavaScript, R and C++ write them; undefined for anything else. */
export function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  return decimal.test(trimmed) ? Number(trimmed) : special[trimmed.toLowerCase()]
}

/**
 * The number in a cell, as `readNumber`.
 * @throws DataError when there is none; an empty cell is not zero.
 */
export function parseNumber(text: string, place: Place): number {
  const value = readNumber(text)
  if (value === undefined)
    throw new DataError({
      ...place,
      problem: text.trim() === '' ? 'the cell is empty' : `"${text.trim()}" is not a number`,
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
