/** First-stage results of other programs: posterior draws, or estimates with their covariance, as a table. Analysis scale of the protocol. */
import type { Table } from '../data/table.js'
import { DataError } from '../errors/data-error.js'

export interface ImportedEstimate {
  /** `[coefficient]` */
  readonly estimate: Float64Array
  /** `[coefficient, coefficient]` */
  readonly covariance: Float64Array
  /** `[draw, coefficient]`, when the table held draws. */
  readonly draws?: Float64Array
}

/** Fewer draws than this give no covariance worth pooling. */
const FEWEST_DRAWS = 100

/**
 * @param table draws: a column for each name; estimates: columns `coefficient`, `estimate` and one for each name with the covariances, a row for each name
 * @throws DataError when a name is missing, a cell is no finite number, or there are too few draws
 */
export function importEstimates(table: Table, names: readonly string[]): ImportedEstimate {
  const position = (name: string) => table.columns.indexOf(name)
  const missing = names.filter((name) => position(name) < 0)
  if (missing.length > 0)
    throw new DataError({
      file: table.file,
      problem: `there is no column ${missing.map((name) => `"${name}"`).join(', ')}`,
      reason: `the protocol's coefficients are ${names.join(', ')}`,
      remedy:
        'Give one column of draws for each coefficient; or the columns coefficient, estimate and one column of covariances for each.',
    })
  const numbers = (row: Table['rows'][number], columns: readonly string[]) => columns.map((name) => numberAt(table, row, name))
  if (position('coefficient') < 0)
    return fromDraws(Float64Array.from(table.rows.flatMap((row) => numbers(row, names))), names.length, table.file)
  const rows = names.map((name) => rowOf(table, name))
  return {
    estimate: Float64Array.from(rows, (row) => numberAt(table, row, 'estimate')),
    covariance: symmetric(Float64Array.from(rows.flatMap((row) => numbers(row, names))), names.length, table.file),
  }
}

function rowOf(table: Table, name: string): Table['rows'][number] {
  const found = table.rows.filter(({ cells }) => cells[table.columns.indexOf('coefficient')] === name)
  if (found.length === 1) return found[0]
  throw new DataError({
    file: table.file,
    problem: `there are ${found.length} rows for the coefficient "${name}"`,
    remedy: 'Give one row for each coefficient.',
  })
}

function numberAt(table: Table, { row, cells }: Table['rows'][number], column: string): number {
  const text = cells[table.columns.indexOf(column)] ?? ''
  const value = text === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return value
  throw new DataError({
    file: table.file,
    row,
    column,
    problem: 'this is no finite number',
    remedy: 'Correct the cell; leave no draw out.',
  })
}

function fromDraws(draws: Float64Array, size: number, file: string): ImportedEstimate {
  const count = draws.length / size
  if (count < FEWEST_DRAWS)
    throw new DataError({ file, problem: `there are ${count} draws`, remedy: `Give at least ${FEWEST_DRAWS}; 4000 are usual.` })
  const estimate = new Float64Array(size)
  draws.forEach((value, at) => {
    estimate[at % size] += value / count
  })
  const covariance = new Float64Array(size * size)
  for (let draw = 0; draw < count; draw++)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++)
        covariance[i * size + j] +=
          ((draws[draw * size + i] - estimate[i]) * (draws[draw * size + j] - estimate[j])) / (count - 1)
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) covariance[j * size + i] = covariance[i * size + j]
  return { estimate, covariance, draws }
}

/** Relative to the standard deviations: other programs print fewer digits on one side. */
const ASYMMETRY = 1e-6

function symmetric(covariance: Float64Array, size: number, file: string): Float64Array {
  return covariance.map((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size]
    const other = covariance[j * size + i]
    if (Math.abs(value - other) > ASYMMETRY * Math.sqrt(covariance[i * (size + 1)] * covariance[j * (size + 1)]))
      throw new DataError({
        file,
        problem: 'the covariances are not symmetric',
        remedy: 'Give the rows and the columns the same coefficients: `vcov(fit)` has them.',
      })
    return (value + other) / 2
  })
}
