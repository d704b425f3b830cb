import { type Draws, elementCount } from './draws.js'
import { type DrawsShape, scalarCount } from './stored/columns-layout.js'
import type { LargeDraws } from './stored/growing-bytes.js'
import { writeColumns } from './stored/write-columns.js'

/** Takes draws as they are made, in order, chain after chain. */
export interface DrawsBuilder {
  /** The values of every variable in the next draw, `[variable][...dimensions]`; copied. */
  set(values: readonly ArrayLike<number>[]): void
  /** All of them, once every draw was given. */
  finish(): Draws
}

const LARGE_BYTES = 2 ** 26

/** A builder for draws of that shape: in memory, or where large draws go when they are large. */
export function drawsBuilder(shape: DrawsShape, large?: LargeDraws, key = 'draws'): DrawsBuilder {
  const bytes = 8 * shape.chainCount * shape.drawCount * scalarCount(shape)
  if (large && bytes >= (large.fromBytes ?? LARGE_BYTES)) return writeColumns(large.open(key), shape)
  return inMemory(shape)
}

function inMemory({ chainCount, drawCount, variables }: DrawsShape): DrawsBuilder {
  const columns = variables.map((variable) => {
    const size = elementCount(variable)
    return { ...variable, size, values: new Float64Array(chainCount * drawCount * size) }
  })
  let row = 0
  return {
    set(values) {
      columns.forEach((column, index) => {
        column.values.set(values[index], row * column.size)
      })
      row++
    },
    finish: () => ({
      chainCount,
      drawCount,
      variables: columns.map(({ name, dimensions, values }) => ({ name, dimensions, values })),
    }),
  }
}
