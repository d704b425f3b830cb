import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { type Draws, elementCount, scalarNames } from './draws.js'
import { eachBlock } from './each-block.js'
import { parquetKey } from './parquet-metadata.js'
import { indexColumns, weightColumn } from './table-columns.js'

/**
 * The draws as Parquet: the wide table of R package posterior (see `toTable`), one double column for each scalar, and in the metadata of the
 * file, under the key `poolite`, the names and labels of dimensions, so that `fromParquet` gives the same draws. Read it in R with
 * `posterior::as_draws_df(arrow::read_parquet(file))` and in Python with `pandas.read_parquet(file)`.
 */
export function toParquet(draws: Draws): Uint8Array {
  const parts = [...parquetParts(draws)]
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  parts.reduce((offset, part) => {
    bytes.set(part, offset)
    return offset + part.length
  }, 0)
  return bytes
}

/** Rows are kept together until their values take as many bytes. */
const ROW_GROUP_BYTES = 2 ** 26

/** The same in parts, a group of rows at most. */
export function* parquetParts(draws: Draws): Generator<Uint8Array> {
  const { variables, logWeights } = draws
  const names = [...(logWeights ? [weightColumn] : []), ...variables.flatMap(scalarNames)]
  const column = (name: string, type: 'INT32' | 'DOUBLE') => ({ name, type, repetition_type: 'REQUIRED' as const })
  const columns = [...indexColumns.map((name) => column(name, 'INT32')), ...names.map((name) => column(name, 'DOUBLE'))]
  const metadata = { format: 'poolite-draws-1', variables: variables.map(({ name, dimensions }) => ({ name, dimensions })) }
  const writer = new ByteWriter()
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns],
    kvMetadata: [{ key: parquetKey, value: JSON.stringify(metadata) }],
    createdBy: 'poolite',
    statistics: false,
  })
  for (const { first, values } of rowGroups(draws, names.length)) {
    const rows = values[0]?.length ?? draws.chainCount * draws.drawCount
    const count = (at: (row: number) => number) => Int32Array.from({ length: rows }, (_, row) => at(first + row))
    const counts = [
      count((row) => 1 + Math.floor(row / draws.drawCount)),
      count((row) => 1 + (row % draws.drawCount)),
      count((row) => 1 + row),
    ]
    file.write({
      columnData: [...counts, ...values].map((data, index) => ({ name: columns[index].name, data })),
      rowGroupSize: rows,
    })
    yield written(writer)
  }
  file.finish()
  yield written(writer)
}

/** What has been written, which the writer then forgets. */
function written(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice()
  writer.index = 0
  return bytes
}

interface RowGroup {
  /** Its first row of `[chain, draw]`. */
  readonly first: number
  /** `[scalar][row]` */
  readonly values: readonly Float64Array[]
}

function* rowGroups(draws: Draws, columnCount: number): Generator<RowGroup> {
  const { chainCount, drawCount, variables, logWeights } = draws
  const total = chainCount * drawCount
  const length = Math.max(1, Math.floor(ROW_GROUP_BYTES / (8 * Math.max(1, columnCount))))
  const sizes = variables.map(elementCount)
  let group: { readonly first: number; readonly values: Float64Array[] } | undefined
  if (columnCount === 0) yield { first: 0, values: [] }
  else
    for (const block of eachBlock(draws))
      for (let draw = 0; draw < block.drawCount; draw++) {
        const row = block.chain * drawCount + block.firstDraw + draw
        group ??= {
          first: row,
          values: Array.from({ length: columnCount }, () => new Float64Array(Math.min(length, total - row))),
        }
        const at = row - group.first
        let column = 0
        if (logWeights) group.values[column++][at] = logWeights[row]
        for (const [index, size] of sizes.entries())
          for (let element = 0; element < size; element++) group.values[column++][at] = block.values[index][draw * size + element]
        if (at + 1 < group.values[0].length) continue
        yield group
        group = undefined
      }
}
