/** Tables of patients as Parquet, which a vantage6 node of version 5 passes from task to task. */
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Table } from '../data/table.js'
import { DataError } from '../errors/data-error.js'

/** Columns whose cells all are numbers, or empty, become doubles. */
export function tableToParquet({ columns, rows }: Table): Uint8Array {
  const columnData = columns.map((name, index) => {
    const cells = rows.map(({ cells: own }) => own[index])
    const isNumeric = cells.every((cell) => cell === '' || String(Number(cell)) === cell)
    return isNumeric
      ? { name, data: cells.map((cell) => (cell === '' ? null : Number(cell))), type: 'DOUBLE' as const, nullable: true }
      : { name, data: cells, type: 'STRING' as const, nullable: true }
  })
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'poolite' }))
}

/** @throws DataError, without a value, when the bytes are no Parquet */
export async function tableFromParquet(bytes: Uint8Array, file: string): Promise<Table> {
  try {
    const { buffer } = new Uint8Array(bytes)
    const { schema } = await parquetMetadataAsync(buffer)
    const columns = schema.filter(({ num_children: children }) => children === undefined).map(({ name }) => name)
    const records = await parquetReadObjects({ file: buffer })
    const text = (value: unknown) => (value === null || value === undefined || Number.isNaN(value) ? '' : String(value).trim())
    return {
      file,
      columns,
      rows: records.map((record, index) => ({ row: index + 2, cells: columns.map((name) => text(record[name])) })),
    }
  } catch {
    throw new DataError({
      file,
      problem: 'this table cannot be read as Parquet',
      remedy: 'Make it again by an extraction; it may be uncompressed or compressed with Snappy.',
    })
  }
}
