import type { NumericArray } from '../contract/model.js'
import { ModelError } from '../errors/model-error.js'

/** An entry of the data: numbers with their shape, or a value that a model sees as it is (a number, strings, a dimension). */
export type PreparedEntry = NumericArray | { readonly plain: unknown }

/** Data checked and copied, once for all recordings of a model: whoever changes an array afterwards changes nothing. */
export type PreparedData = ReadonlyMap<string, PreparedEntry>

/**
 * @throws ModelError for ragged nested arrays, arrays with values that are not finite or of another number than their shape says, numbers that
 * are NaN, and values of other kinds.
 */
export function prepareData(data: unknown): PreparedData {
  if (typeof data !== 'object' || data === null)
    throw new ModelError({
      problem: `the data are ${data === null ? 'null' : typeof data}`,
      reason: 'a model finds its data by name',
      remedy: 'Give an object, such as { y: [1, 2, 3] }, or {} for a model without data.',
    })
  return new Map(Object.entries(data).map(([name, value]) => [name, prepare(name, value)]))
}

export function isNumericArray(entry: PreparedEntry): entry is NumericArray {
  return !('plain' in entry)
}

function prepare(name: string, value: unknown): PreparedEntry {
  if (typeof value === 'string') return { plain: value }
  if (typeof value === 'number') return { plain: Number.isNaN(value) ? refuseNumber(name, value) : value }
  if (value instanceof Float64Array) return fromFlat(name, value, [value.length])
  if (Array.isArray(value)) return fromArray(name, value)
  if (typeof value === 'object' && value !== null) {
    if ('values' in value && 'shape' in value)
      return fromFlat(name, (value as NumericArray).values, (value as NumericArray).shape)
    if ('labels' in value) return { plain: value }
  }
  throw new ModelError({
    problem: `data "${name}" is of a kind that a model cannot be conditioned on`,
    remedy: 'Give numbers, Float64Array, (nested) arrays of numbers, { values, shape }, strings or dimensions.',
  })
}

function fromArray(name: string, value: readonly unknown[]): PreparedEntry {
  if (value.every((element) => typeof element === 'string')) return value.length > 0 ? { plain: value } : fromFlat(name, [], [0])
  if (value.every((element) => typeof element === 'number')) return fromFlat(name, value as number[], [value.length])
  if (!value.every(Array.isArray)) refuseNumber(name, value.find((element) => typeof element !== 'number') as unknown)
  const rows = value as readonly (readonly number[])[]
  if (rows.some((row) => row.length !== rows[0].length))
    throw new ModelError({ problem: `the rows of data "${name}" differ in length`, remedy: 'Give a rectangular array.' })
  return fromFlat(name, rows.flat(), [rows.length, rows[0].length])
}

function fromFlat(name: string, values: ArrayLike<number>, shape: readonly number[]): NumericArray {
  const size = shape.reduce((product, length) => product * length, 1)
  if (size !== values.length)
    throw new ModelError({
      problem: `data "${name}" holds ${values.length} values for the shape [${shape}]`,
      remedy: `Give ${size} values, or the shape that fits them.`,
    })
  for (let index = 0; index < values.length; index++)
    if (!Number.isFinite(values[index])) refuseNumber(name, values[index], index)
  return { values: new Float64Array(values), shape: [...shape] }
}

function refuseNumber(name: string, value: unknown, index?: number): never {
  throw new ModelError({
    problem: `data "${name}" ${index === undefined ? 'holds' : `holds at index ${index}`} ${typeof value === 'object' && value !== null ? 'an object' : value}`,
    reason: 'a log likelihood can be computed from finite numbers only',
    remedy: 'Remove or impute such values before fitting.',
  })
}
