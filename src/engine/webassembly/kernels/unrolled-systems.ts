import type { Index, Matrix, Systems, Value, Variable, WorkingMatrix } from '../../kernels/call-kernel.js'
import { zero } from '../../kernels/calls/expressions.js'
import type { Emitter } from '../emitter.js'
import { ELEMENT } from '../loop-parts.js'

/**
 * Small systems without loops, two at a time: lane 0 holds one system, lane 1 the next, and working matrices are locals. An odd number of systems ends
 * with a pair whose first is computed a second time.
 */
export class UnrolledSystems implements Systems {
  private localCount = 0
  private readonly bases = new Set<number>()

  constructor(
    private readonly emitter: Emitter,
    private readonly count: number,
    private readonly callName: (name: string) => string,
  ) {}

  print(body: (systems: Systems) => void): void {
    const last = this.count - 2
    this.emitter.loop('$pair', 0, this.count * ELEMENT, 2 * ELEMENT, () => {
      const end = `(i32.const ${last * ELEMENT})`
      const pair = '(local.get $pair)'
      const isOdd = this.count > 1 && this.count % 2 === 1
      this.emitter.set('$first', 'i32', isOdd ? `(select ${pair} ${end} (i32.lt_u ${pair} ${end}))` : pair)
      body(this)
    })
  }

  matrix(offset: number, rows: number, columns: number): Matrix {
    const stride = rows * columns
    const base = `$first${stride}`
    if (!this.bases.has(stride)) this.emitter.set(base, 'i32', `(i32.mul (local.get $first) (i32.const ${stride}))`)
    this.bases.add(stride)
    const place = (row: Index, column: Index, lane: number) => {
      const element = offset + lane * stride + known(row) * columns + known(column)
      return { offset: `offset=${element * ELEMENT}`, address: `(local.get ${base})` }
    }
    const get = (row: Index, column: Index): Value => {
      const [first, second] = [place(row, column, 0), place(row, column, 1)]
      const both = `(v128.load64_splat ${first.offset} ${first.address})`
      return this.count === 1 ? both : `(v128.load64_lane ${second.offset} 1 ${second.address} ${both})`
    }
    const set = (row: Index, column: Index, value: Value) => {
      const kept = this.keep(value)
      for (let lane = 0; lane < Math.min(2, this.count); lane++) {
        const { offset, address } = place(row, column, lane)
        this.emitter.line(`(v128.store64_lane ${offset} ${lane} ${address} ${kept})`)
      }
    }
    return { get, vector: get, set }
  }

  /** Elements are loaded when they are first read. */
  lowerTriangle(offset: number, size: number): Matrix {
    const source = this.matrix(offset, size, size)
    const loaded = new Map<string, Value>()
    const get = (row: Index, column: Index): Value => {
      const key = `${known(row)},${known(column)}`
      const value = loaded.get(key) ?? this.keep(source.get(row, column))
      loaded.set(key, value)
      return value
    }
    return { ...source, get, vector: get }
  }

  upperTriangle(offset: number, size: number, vectorOffset?: number): Matrix {
    const source = this.matrix(offset, size, size)
    const vector = vectorOffset === undefined ? undefined : this.matrix(vectorOffset, 1, size)
    const get = (row: Index, column: Index): Value => (vector && column === size ? vector.get(0, row) : source.get(column, row))
    return { ...source, get, vector: get }
  }

  /** Every assignment makes a new local, so that what was read before stays what it was. */
  working(): WorkingMatrix {
    const cells = new Map<string, Value>()
    const get = (row: Index, column: Index): Value => {
      const cell = cells.get(`${known(row)},${known(column)}`)
      if (cell === undefined) throw new Error(`element ${known(row)}, ${known(column)} is read before it is written`)
      return cell
    }
    const set = (row: Index, column: Index, value: Value) => {
      cells.set(`${known(row)},${known(column)}`, this.keep(value))
    }
    return { get, vector: get, set, store: set }
  }

  /** Nothing is read here that was not written. */
  clear(): void {}

  transposed(upper: WorkingMatrix): Matrix {
    const get = (row: Index, column: Index) => upper.get(column, row)
    return { get, vector: get, set: (row, column, value) => upper.set(column, row, value) }
  }

  copyTriangle(lower: Matrix, offset: number, size: number): void {
    const target = this.matrix(offset, size, size)
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) target.set(row, column, column <= row ? lower.get(row, column) : zero)
  }

  copySymmetric(lower: Matrix, offset: number, size: number): void {
    const target = this.matrix(offset, size, size)
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++)
        target.set(row, column, lower.get(Math.max(row, column), Math.min(row, column)))
  }

  loop(from: Index, to: Index, body: (index: Index) => void): void {
    for (let index = known(from); index < known(to); index++) body(index)
  }

  loopDown(from: Index, to: Index, body: (index: Index) => void): void {
    for (let index = known(to) - 1; index >= known(from); index--) body(index)
  }

  columns(from: Index, to: Index, body: (columns: readonly Index[]) => void): void {
    this.loop(from, to, (column) => body([column]))
  }

  keep(value: Value): Value {
    if (/^\(local\.get \S+\)$/.test(value)) return value
    const name = `$v${this.localCount++}`
    this.emitter.set(name, 'v128', value)
    return `(local.get ${name})`
  }

  variable(initial: Value): Variable {
    let value = this.keep(initial)
    return {
      get value() {
        return value
      },
      assign: (next) => {
        value = this.keep(next)
      },
    }
  }

  call(name: string, value: Value): Value {
    return `(call ${this.callName(name)} ${value})`
  }
}

function known(index: Index): number {
  if (typeof index === 'number') return index
  throw new Error('an index is not known when printing')
}
