import type { NumericArray } from '../contract/model.js'
import { UsageError } from '../errors/usage-error.js'

/** An array of the data whose rows are the observations. */
export interface RowArray {
  readonly name: string
  /** Row-major. */
  readonly values: Float64Array
  /** Numbers in a row. */
  readonly width: number
}

/**
 * The numeric arrays of the data that have `count` rows.
 * @throws UsageError for a list of that many texts, which cannot be taken apart: what a model sees as text is part of its program.
 */
export function rowArrays(data: unknown, count: number): RowArray[] {
  return Object.entries(data as object).flatMap(([name, value]): RowArray[] => {
    if (value instanceof Float64Array) return value.length === count ? [{ name, values: value, width: 1 }] : []
    if (isNumericArray(value))
      return value.shape[0] === count ? [{ name, values: value.values, width: value.values.length / count }] : []
    if (!Array.isArray(value) || value.length !== count) return []
    if (value.some((element) => typeof element === 'string')) throw textRows(name)
    const values = Float64Array.from(value.flat() as number[])
    return [{ name, values, width: values.length / count }]
  })
}

/** The chosen rows of one array, row-major. */
export function chosenRows({ values, width }: RowArray, rows: Int32Array): Float64Array {
  const chosen = new Float64Array(rows.length * width)
  for (let index = 0; index < rows.length; index++) {
    const from = rows[index] * width
    for (let column = 0; column < width; column++) chosen[index * width + column] = values[from + column]
  }
  return chosen
}

/** The data with these rows alone of those arrays, each of the kind that it was. */
export function takeRows<Data>(data: Data, arrays: readonly RowArray[], rows: Int32Array): Data {
  const replaced = arrays.map((array) => {
    const value: unknown = data[array.name as keyof Data]
    if (Array.isArray(value)) return [array.name, Array.from(rows, (row) => value[row])]
    const values = chosenRows(array, rows)
    return [array.name, isNumericArray(value) ? { values, shape: [rows.length, ...value.shape.slice(1)] } : values]
  })
  return { ...data, ...Object.fromEntries(replaced) }
}

function isNumericArray(value: unknown): value is NumericArray {
  return typeof value === 'object' && value !== null && 'values' in value && 'shape' in value
}

function textRows(name: string): UsageError {
  return new UsageError({
    problem: `data "${name}" is a text for each observation`,
    reason: 'texts are part of the program that a model is compiled to, and a minibatch changes numbers only',
    remedy: 'Give numbers, such as 0-based codes, or leave `minibatch` out.',
  })
}
