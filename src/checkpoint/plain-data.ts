/**
 * Plain data as JSON and columns of float64, bit for bit: numbers that JSON cannot hold (NaN, infinities, -0) are kept as text, and each
 * `Float64Array` is replaced by a reference to its column. Members that are undefined are left out.
 */
export interface SplitData {
  readonly json: unknown
  readonly columns: readonly Float64Array[]
}

const COLUMN = '$column'
const NUMBER = '$number'

/** @throws TypeError for anything else than plain objects, arrays, `Float64Array`, numbers, strings, booleans and null. */
export function splitData(data: unknown): SplitData {
  const columns: Float64Array[] = []
  const split = (value: unknown): unknown => {
    if (typeof value === 'number') return holdsInJson(value) ? value : { [NUMBER]: Object.is(value, -0) ? '-0' : String(value) }
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (value instanceof Float64Array) return { [COLUMN]: columns.push(value) - 1 }
    if (Array.isArray(value)) return value.map(split)
    if (!isPlainObject(value)) throw new TypeError(`${Object.prototype.toString.call(value)} is not plain data`)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [name, split(member)]),
    )
  }
  return { json: split(data), columns }
}

/** The data that were split. The columns are used, not copied. */
export function joinData({ json, columns }: SplitData): unknown {
  const join = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(join)
    if (typeof value !== 'object' || value === null) return value
    if (COLUMN in value) return columns[value[COLUMN] as number]
    if (NUMBER in value) return Number(value[NUMBER])
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, join(member)]))
  }
  return join(json)
}

const holdsInJson = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0)

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
