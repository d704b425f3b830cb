import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { DataError } from '../errors/data-error.js'
import { columnLayout } from './column-layout.js'
import { type Draws, scalarNames, type Variable } from './draws.js'
import { drawsText } from './draws-text.js'
import { describedVariables, parquetKey } from './parquet-metadata.js'
import { printable } from './printable.js'
import { rowOrder } from './row-order.js'
import { indexColumns, weightColumn } from './table-columns.js'

/**
 * Draws from Parquet, the inverse of `toParquet`. Without poolite's metadata the columns are read as by `fromTable`, so that a table of
 * R package posterior that arrow wrote can be read too; it must be uncompressed or compressed with Snappy.
 * @throws DataError with file and column when the bytes are no Parquet, a column is missing or no number, and chains are not numbered from 1
 * with the same draws.
 */
export async function fromParquet(bytes: Uint8Array, file: string): Promise<Draws> {
  const { records, columns, description } = await read(bytes, file)
  for (const column of ['.chain', '.iteration'])
    if (!columns.includes(column))
      throw new DataError({
        file,
        column,
        problem: 'there is no such column',
        remedy: 'Write the draws with `posterior::as_draws_df` or poolite.',
      })
  if (records.length === 0)
    throw new DataError({ file, problem: 'there are no draws', remedy: 'Give a file with at least one draw.' })
  const cells = (column: string) => records.map((record, row) => numberIn(record[column], { file, row: row + 1, column }))
  const { chainCount, drawCount, positions } = rowOrder(cells('.chain'), cells('.iteration'), file)
  const interleave = (names: readonly string[]): Float64Array => {
    const values = new Float64Array(records.length * names.length)
    names.forEach((name, element) => {
      cells(name).forEach((value, row) => {
        values[positions[row] * names.length + element] = value
      })
    })
    return values
  }
  const reserved = new Set<string>([...indexColumns, weightColumn])
  const variables = shapes(
    columns.filter((name) => !reserved.has(name)),
    description,
  ).map(({ name, dimensions, columns: names }): Variable => ({ name, dimensions, values: interleave(names) }))
  return printable(
    { chainCount, drawCount, variables, ...(columns.includes(weightColumn) && { logWeights: interleave([weightColumn]) }) },
    drawsText,
  )
}

interface ParquetTable {
  readonly records: readonly Readonly<Record<string, unknown>>[]
  readonly columns: readonly string[]
  readonly description: string | undefined
}

async function read(bytes: Uint8Array, name: string): Promise<ParquetTable> {
  const file = bytes.slice().buffer
  try {
    const metadata = await parquetMetadataAsync(file)
    return {
      records: await parquetReadObjects({ file, metadata }),
      columns: metadata.schema.slice(1).map((element) => element.name),
      description: metadata.key_value_metadata?.find(({ key }) => key === parquetKey)?.value,
    }
  } catch (error) {
    throw new DataError({
      file: name,
      problem: 'the file cannot be read as Parquet',
      reason: error instanceof Error ? error.message : String(error),
      remedy: 'Copy it again, or write it uncompressed or with Snappy compression.',
    })
  }
}

/** As described, when the columns are exactly those of the description; as their names say otherwise. */
function shapes(columns: readonly string[], description: string | undefined): ReturnType<typeof columnLayout> {
  const described = describedVariables(description)?.map((shape) => ({ ...shape, columns: scalarNames(shape) }))
  const expected = described?.flatMap((shape) => shape.columns)
  const fits = expected?.length === columns.length && expected.every((name, index) => name === columns[index])
  return described && fits ? described : columnLayout(columns)
}

function numberIn(value: unknown, place: { file: string; row: number; column: string }): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  throw new DataError({
    ...place,
    problem: value === null || value === undefined ? 'the cell is empty' : 'the column holds no numbers',
    remedy: 'Write every draw as a number; missing draws are not allowed.',
  })
}
