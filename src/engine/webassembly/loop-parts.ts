import type { Operand, Statement } from '../schedule.js'

/** What the printers of loop nests share. */
export type Reduce = Extract<Statement, { kind: 'reduce' }>
export type MemoryOperand = Extract<Operand, { kind: 'memory' }>

/** Bytes of a float64. */
export const ELEMENT = 8

export function isUnitOrFixed(stride: number): boolean {
  return stride === 0 || stride === 1
}

/** Sum of `i_axis * stride` over the axes, in bytes, as an i32 expression. */
export function dynamicAddress(strides: readonly number[]): string {
  const terms = strides.flatMap((stride, axis) => {
    if (stride === 0) return []
    const index = `(local.get $i${axis})`
    return [stride === 1 ? index : `(i32.mul ${index} (i32.const ${stride}))`]
  })
  return terms.length === 0 ? '(i32.const 0)' : terms.reduce((sum, term) => `(i32.add ${sum} ${term})`)
}

/** Local that holds the running total of a reduction for a row or a stretch of columns. */
export function total({ id }: Reduce, row: number): string {
  return `$total${id}_${row}`
}

export function constantVector(value: number): string {
  const text = Number.isNaN(value)
    ? 'nan'
    : value === Infinity
      ? 'inf'
      : value === -Infinity
        ? '-inf'
        : Object.is(value, -0)
          ? '-0'
          : String(value)
  return `(v128.const f64x2 ${text})`
}
