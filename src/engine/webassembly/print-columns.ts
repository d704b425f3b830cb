import type { LoopStep } from '../schedule.js'
import type { Emitter } from './emitter.js'
import { dynamicAddress, ELEMENT, isUnitOrFixed, type MemoryOperand, type Reduce, total } from './loop-parts.js'
import { reductions } from './scalar-text.js'

/** Vectors of columns whose sums are in registers together. */
const COLUMN_VECTORS = 4

/** Whether a loop nest is a matrix product that can be vectorised along its last kept axis. */
export function isColumnwise({ lengths, statements }: LoopStep): boolean {
  const column = lengths.length - 2
  if (column < 0 || lengths[column] < 2) return false
  return statements.every(
    (statement) =>
      statement.kind === 'reduce' &&
      statement.axes.length === 1 &&
      statement.axes[0] === column + 1 &&
      statement.strides[column] === 1 &&
      statement.factors.every(
        (factor) =>
          factor.kind === 'memory' && isUnitOrFixed(factor.strides[column]) && factor.strides.every((stride) => stride >= 0),
      ),
  )
}

/** Matrix products over registers that hold a stretch of columns. */
export function printColumns({ lengths, statements }: LoopStep, emitter: Emitter): void {
  const column = lengths.length - 2
  const inner = column + 1
  const nest = (axis: number): void => {
    if (axis < column) {
      emitter.loop(`$i${axis}`, 0, lengths[axis] * ELEMENT, ELEMENT, () => nest(axis + 1))
      return
    }
    const stretch = 2 * COLUMN_VECTORS
    const together = lengths[column] - (lengths[column] % stretch)
    emitter.loop(`$i${column}`, 0, together * ELEMENT, stretch * ELEMENT, () => columns(COLUMN_VECTORS, true))
    const vectors = Math.floor((lengths[column] - together) / 2)
    if (vectors > 0) {
      start(together)
      columns(vectors, true)
    }
    if (lengths[column] % 2 === 1) {
      start(lengths[column] - 1)
      columns(1, false)
    }
  }
  const start = (index: number) => emitter.set(`$i${column}`, 'i32', `(i32.const ${index * ELEMENT})`)
  const columns = (count: number, isVector: boolean): void => {
    const each = (visit: (statement: Reduce, position: number) => void) => {
      for (const statement of statements as readonly Reduce[])
        for (let position = 0; position < count; position++) visit(statement, position)
    }
    each((statement, position) =>
      emitter.set(total(statement, position), 'v128', `(v128.const f64x2 ${reductions[statement.reduction].identity})`),
    )
    emitter.loop(`$i${inner}`, 0, lengths[inner] * ELEMENT, ELEMENT, () => {
      const loaded = new Map<string, string>()
      each((statement, position) => {
        const factors = (statement.factors as readonly MemoryOperand[]).map(({ offset, strides }) => {
          const isFixed = strides[column] === 0
          const load = isFixed || !isVector ? 'v128.load64_splat' : 'v128.load'
          const constant = (offset + (isFixed ? 0 : 2 * position)) * ELEMENT
          const text = `(${load} offset=${constant} ${dynamicAddress(strides)})`
          const name = loaded.get(text) ?? `$column${loaded.size}`
          if (!loaded.has(text)) {
            loaded.set(text, name)
            emitter.set(name, 'v128', text)
          }
          return `(local.get ${name})`
        })
        const product = factors.reduce((left, right) => `(f64x2.mul ${left} ${right})`)
        emitter.set(
          total(statement, position),
          'v128',
          reductions[statement.reduction].combine(`(local.get ${total(statement, position)})`, product),
        )
      })
    })
    each(({ store, strides, id }, position) => {
      const address = `offset=${(store + 2 * position) * ELEMENT} ${dynamicAddress(strides)}`
      const value = `(local.get $total${id}_${position})`
      emitter.line(isVector ? `(v128.store ${address} ${value})` : `(f64.store ${address} (f64x2.extract_lane 0 ${value}))`)
    })
  }
  nest(0)
}
