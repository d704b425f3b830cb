import { parquetWriteBuffer } from 'hyparquet-writer'
import { type Draws, elementCount, scalarNames, type Variable } from './draws.js'
import { parquetKey } from './parquet-metadata.js'
import { indexColumns, weightColumn } from './table-columns.js'

/**
 * The draws as Parquet: the wide table of R package posterior (see `toTable`), one double column for each scalar, and in the metadata of the
 * file, under the key `poolite`, the names and labels of dimensions, so that `fromParquet` gives the same draws. Read it in R with
 * `posterior::as_draws_df(arrow::read_parquet(file))` and in Python with `pandas.read_parquet(file)`.
 */
export function toParquet(draws: Draws): Uint8Array {
  const { chainCount, drawCount, variables, logWeights } = draws
  const [chain, iteration, draw] = indexColumns
  const rows = chainCount * drawCount
  const count = (name: string, at: (row: number) => number) => ({
    name,
    data: Int32Array.from({ length: rows }, (_, row) => at(row)),
    type: 'INT32' as const,
    nullable: false,
  })
  const double = (name: string, data: Float64Array) => ({ name, data, type: 'DOUBLE' as const, nullable: false })
  const metadata = { format: 'poolite-draws-1', variables: variables.map(({ name, dimensions }) => ({ name, dimensions })) }
  const buffer = parquetWriteBuffer({
    columnData: [
      count(chain, (row) => 1 + Math.floor(row / drawCount)),
      count(iteration, (row) => 1 + (row % drawCount)),
      count(draw, (row) => 1 + row),
      ...(logWeights ? [double(weightColumn, logWeights)] : []),
      ...variables.flatMap((variable) =>
        scalarNames(variable).map((name, element) => double(name, elementDraws(variable, element))),
      ),
    ],
    kvMetadata: [{ key: parquetKey, value: JSON.stringify(metadata) }],
    createdBy: 'poolite',
    rowGroupSize: rows,
    statistics: false,
  })
  return new Uint8Array(buffer)
}

function elementDraws(variable: Variable, element: number): Float64Array {
  const size = elementCount(variable)
  return Float64Array.from({ length: variable.values.length / size }, (_, row) => variable.values[row * size + element])
}
