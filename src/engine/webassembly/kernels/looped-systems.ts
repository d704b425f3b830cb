import type { Index, Matrix, Systems, Value, Variable, WorkingMatrix } from '../../kernels/call-kernel.js'
import { after, zero } from '../../kernels/calls/expressions.js'
import type { Emitter } from '../emitter.js'
import { ELEMENT } from '../loop-parts.js'

/** Vectors of columns whose sums are in registers together. */
const VECTORS_TOGETHER = 4
const VECTOR = 2 * ELEMENT

/**
 * Systems of any size, one after another, with loops: the lanes of a vector hold two neighbouring columns, working matrices lie in memory and their
 * rows begin at even columns. Running indices are in bytes.
 */
export class LoopedSystems implements Systems {
  private localCount = 0
  private readonly bases = new Set<number>()

  constructor(
    private readonly emitter: Emitter,
    private readonly count: number,
    private readonly callName: (name: string) => string,
    /** Place for so many elements, in elements. */
    private readonly allocate: (size: number) => number,
  ) {}

  print(body: (systems: Systems) => void): void {
    this.emitter.loop('$system', 0, this.count * ELEMENT, ELEMENT, () => body(this))
  }

  matrix(offset: number, rows: number, columns: number): Matrix {
    const stride = rows * columns
    const base = `$system${stride}`
    if (!this.bases.has(stride)) this.emitter.set(base, 'i32', `(i32.mul (local.get $system) (i32.const ${stride}))`)
    this.bases.add(stride)
    return this.at(offset, columns, base)
  }

  lowerTriangle(offset: number, size: number): Matrix {
    return this.matrix(offset, size, size)
  }

  upperTriangle(offset: number, size: number, vectorOffset?: number): Matrix {
    const source = this.matrix(offset, size, size)
    const vector = vectorOffset === undefined ? undefined : this.matrix(vectorOffset, 1, size)
    const upper = this.working(size, size + (vector ? 1 : 0))
    this.overTriangle(size, (row, column) => upper.set(column, row, source.get(row, column)))
    if (vector) this.loop(0, size, (row) => upper.set(row, size, vector.get(0, row)))
    return upper
  }

  working(rows: number, columns: number): WorkingMatrix {
    const width = evenWidth(columns)
    return this.at(this.allocate(rows * width), width, undefined, rows)
  }

  clear(matrix: WorkingMatrix): void {
    const { rows, width } = matrix as PlacedMatrix
    this.loop(0, rows, (row) =>
      this.columns(0, width, (columns) => {
        for (const column of columns) matrix.store(row, column, zero)
      }),
    )
  }

  transposed(upper: WorkingMatrix, size: number): Matrix {
    const lower = this.working(size, size)
    this.overTriangle(size, (row, column) => lower.set(row, column, upper.get(column, row)))
    return lower
  }

  copyTriangle(lower: Matrix, offset: number, size: number): void {
    const target = this.matrix(offset, size, size)
    this.overTriangle(size, (row, column) => {
      target.set(column, row, zero)
      target.set(row, column, lower.get(row, column))
    })
  }

  copySymmetric(lower: Matrix, offset: number, size: number): void {
    const target = this.matrix(offset, size, size)
    this.overTriangle(size, (row, column) => {
      const element = this.keep(lower.get(row, column))
      target.set(row, column, element)
      target.set(column, row, element)
    })
  }

  loop(from: Index, to: Index, body: (index: Index) => void): void {
    const index = this.local('index')
    this.repeat(index, from, `(i32.lt_s (local.get ${index}) ${bytes(to)})`, ELEMENT, () => body({ local: index, shift: 0 }))
  }

  loopDown(from: Index, to: Index, body: (index: Index) => void): void {
    const index = this.local('index')
    const last = `(i32.sub ${bytes(to)} (i32.const ${ELEMENT}))`
    this.repeat(index, last, `(i32.ge_s (local.get ${index}) ${bytes(from)})`, -ELEMENT, () => body({ local: index, shift: 0 }))
  }

  columns(from: Index, to: Index, body: (columns: readonly Index[]) => void): void {
    const index = this.local('column')
    const start =
      typeof from === 'number'
        ? `(i32.const ${(from - (from % 2)) * ELEMENT})`
        : `(i32.and ${bytes(from)} (i32.const -${VECTOR}))`
    this.emitter.set(index, 'i32', start)
    const stretch = (count: number) => {
      const lastVector = (count - 1) * VECTOR
      const isInside = `(i32.lt_s (i32.add (local.get ${index}) (i32.const ${lastVector})) ${bytes(to)})`
      this.repeat(index, undefined, isInside, count * VECTOR, () =>
        body(Array.from({ length: count }, (_, vector) => ({ local: index, shift: 2 * vector }))),
      )
    }
    stretch(VECTORS_TOGETHER)
    stretch(1)
  }

  keep(value: Value): Value {
    const name = this.local('v')
    this.emitter.set(name, 'v128', value)
    return `(local.get ${name})`
  }

  variable(initial: Value): Variable {
    const name = this.local('v')
    this.emitter.set(name, 'v128', initial)
    return { value: `(local.get ${name})`, assign: (next) => this.emitter.set(name, 'v128', next) }
  }

  call(name: string, value: Value): Value {
    return `(call ${this.callName(name)} ${value})`
  }

  private overTriangle(size: number, body: (row: Index, column: Index) => void): void {
    this.loop(0, size, (row) => this.loop(0, after(row), (column) => body(row, column)))
  }

  private local(kind: string): string {
    return `$${kind}${this.localCount++}`
  }

  /** While the condition holds, which is tested first. */
  private repeat(index: string, start: Index | string | undefined, condition: string, step: number, body: () => void): void {
    if (start !== undefined) this.emitter.set(index, 'i32', typeof start === 'string' ? start : bytes(start))
    const label = this.local('again')
    this.emitter.line(`(if ${condition} (then (loop ${label}`)
    body()
    this.emitter.set(index, 'i32', `(i32.add (local.get ${index}) (i32.const ${step}))`)
    this.emitter.line(`(br_if ${label} ${condition}))))`)
  }

  private at(offset: number, width: number, base: string | undefined, rows = 0): PlacedMatrix {
    const place = (row: Index, column: Index): string => {
      const terms: string[] = base === undefined ? [] : [`(local.get ${base})`]
      if (typeof row !== 'number') terms.push(`(i32.mul (local.get ${row.local}) (i32.const ${width}))`)
      if (typeof column !== 'number') terms.push(`(local.get ${column.local})`)
      const constant = offset + shiftOf(row) * width + shiftOf(column)
      const dynamic = terms.length === 0 ? '(i32.const 0)' : terms.reduce((sum, term) => `(i32.add ${sum} ${term})`)
      return `offset=${constant * ELEMENT} ${dynamic}`
    }
    return {
      rows,
      width,
      get: (row, column) => `(v128.load64_splat ${place(row, column)})`,
      vector: (row, column) => `(v128.load ${place(row, column)})`,
      set: (row, column, value) => this.emitter.line(`(f64.store ${place(row, column)} (f64x2.extract_lane 0 ${value}))`),
      store: (row, column, value) => this.emitter.line(`(v128.store ${place(row, column)} ${value})`),
    }
  }
}

interface PlacedMatrix extends WorkingMatrix {
  readonly rows: number
  readonly width: number
}

function evenWidth(columns: number): number {
  return columns + (columns % 2)
}

function shiftOf(index: Index): number {
  return typeof index === 'number' ? index : index.shift
}

function bytes(index: Index): string {
  if (typeof index === 'number') return `(i32.const ${index * ELEMENT})`
  const local = `(local.get ${index.local})`
  return index.shift === 0 ? local : `(i32.add ${local} (i32.const ${index.shift * ELEMENT}))`
}
