import type { Writer } from './function-writer.js'
import type { Table } from './tables/table.js'

const FIRST_OF_EACH = '0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23'
const SECOND_OF_EACH = '8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31'

/**
 * For each lane, the pair of a table of 2^m pairs at the index that the last m bits of the lane hold: the first numbers of both lanes, and
 * the second. Any bits give some pair, so that an argument out of range does no harm before it is dealt with.
 */
export function lookUpPairs({ keep, addressOf }: Writer, table: Table, index: string): readonly [first: string, second: string] {
  const [left, right] = pairs(addressOf(table), table, index).map(keep)
  return [keep(`(i8x16.shuffle ${FIRST_OF_EACH} ${left} ${right})`), keep(`(i8x16.shuffle ${SECOND_OF_EACH} ${left} ${right})`)]
}

/** The first numbers only. */
export function lookUpFirst({ keep, addressOf }: Writer, table: Table, index: string): string {
  const [left, right] = pairs(addressOf(table), table, index).map(keep)
  return keep(`(i8x16.shuffle ${FIRST_OF_EACH} ${left} ${right})`)
}

function pairs(address: string, table: Table, index: string): string[] {
  const lastByte = (table.pairCount - 1) * 16
  return [0, 2].map(
    (lane) =>
      `(v128.load offset=${address} (i32.and (i32.shl (i32x4.extract_lane ${lane} ${index}) (i32.const 4)) (i32.const ${lastByte})))`,
  )
}
