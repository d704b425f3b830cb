import type { LoopStep, Operand, Statement } from '../schedule.js'
import { rowMajorStrides } from '../shape.js'
import { Emitter } from './emitter.js'
import { constantVector, dynamicAddress, ELEMENT, isUnitOrFixed, type MemoryOperand, type Reduce, total } from './loop-parts.js'
import type { InlineBody } from './math/function-writer.js'
import { isContraction, printContraction } from './print-contraction.js'
import { inlineFunctions, reductions } from './scalar-text.js'

/**
 * Prints one loop nest as a WebAssembly function over f64x2 vectors. Three ways, the first that fits:
 *
 * - rows: the innermost axis is vectorised (all operands contiguous or fixed along it), and up to four rows of a reduction run together, which
 *   shares their loads and hides the latency of their sums;
 * - columns: for matrix products whose inner axis is not contiguous, the last kept axis is vectorised with its sums in registers;
 * - single: one element at a time.
 *
 * A single element is computed in both lanes by the same instructions as a vector, so that a value never depends on where in a loop it falls.
 */
export interface LoopContext {
  /** Name of the WebAssembly function for a scalar function that is not inlined, of that many operands. */
  call(name: string, arity: number): string
  /** The body of a scalar function that pays to be written where it is used; undefined for others, which are called. */
  inline(name: string, operands: readonly string[]): InlineBody | undefined
}

const VECTOR = 16
const ROWS_TOGETHER = 4
/** Statements up to which a body is unrolled twice: beyond, the loop overhead no longer matters. */
const SHORT_BODY = 3

export function printLoop(name: string, step: LoopStep, context: LoopContext): string {
  const emitter = new Emitter()
  if (step.lengths.includes(0)) {
    printEmpty(step, emitter)
    return emitter.function(name)
  }
  const contractions = step.statements.filter((one): one is Reduce => one.kind === 'reduce' && isContraction(one))
  for (const statement of contractions) printContraction(statement, step.lengths, emitter)
  const rest = { ...step, statements: step.statements.filter((one) => !contractions.includes(one as Reduce)) }
  if (rest.statements.length > 0) new LoopPrinter(rest, emitter, context, isRowwise(rest)).print()
  return emitter.function(name)
}

function printEmpty({ statements }: LoopStep, emitter: Emitter): void {
  for (const statement of statements) if (statement.kind === 'reduce') fill(statement, emitter)
}

function memoryOperands(statement: Statement): MemoryOperand[] {
  const operands = statement.kind === 'map' ? statement.operands : statement.factors
  return operands.filter((operand): operand is MemoryOperand => operand.kind === 'memory')
}

/** Reduced over the innermost loops only: the sum stays in a register. */
function isInRegister(statement: Statement, depth: number): statement is Reduce {
  if (statement.kind !== 'reduce') return false
  return (
    depth === 0 ||
    (statement.axes.length > 0 && statement.axes.every((axis, position) => axis === depth - statement.axes.length + position))
  )
}

function isRowwise({ lengths, statements }: LoopStep): boolean {
  const inner = lengths.length - 1
  if (inner < 0 || lengths[inner] < 2) return false
  return statements.every((statement) => {
    if (memoryOperands(statement).some(({ strides }) => !isUnitOrFixed(strides[inner]) || strides.some((stride) => stride < 0)))
      return false
    return statement.kind === 'map' || statement.strides[inner] === 1 || isInRegister(statement, lengths.length)
  })
}

function fill({ store, size, reduction }: Reduce, emitter: Emitter): void {
  const { identity } = reductions[reduction]
  emitter.loop('$fill', 0, size * ELEMENT, ELEMENT, () =>
    emitter.line(`(f64.store offset=${store * ELEMENT} (local.get $fill) (f64.const ${identity}))`),
  )
}

/** Which element or vector of the innermost loops is meant. */
interface Place {
  /** Row within the rows that run together. */
  readonly row: number
  /** Distance of the element from `$i<inner>`, or from the start of the axis when `isFixed`, in elements. */
  readonly shift: number
  readonly isFixed: boolean
  readonly isVector: boolean
}

class LoopPrinter {
  private readonly depth: number
  private readonly inner: number
  private readonly registers: readonly Reduce[]
  private readonly bases = new Map<string, string>()

  constructor(
    private readonly step: LoopStep,
    private readonly emitter: Emitter,
    private readonly context: LoopContext,
    private readonly isVectorised: boolean,
  ) {
    this.depth = step.lengths.length
    this.inner = this.depth - 1
    this.registers = step.statements.filter((statement): statement is Reduce => isInRegister(statement, this.depth))
  }

  print(): void {
    for (const statement of this.step.statements)
      if (statement.kind === 'reduce' && !this.registers.includes(statement)) fill(statement, this.emitter)
    this.level(0)
  }

  private level(level: number): void {
    const opening = this.registers.filter(({ axes }) => this.depth - axes.length === level || (this.depth === 0 && level === 0))
    const runsRowsTogether = level === this.depth - 2 && this.canRunRowsTogether()
    for (const statement of opening) this.open(statement, 0)
    if (level >= this.inner) this.innermost(1)
    else if (runsRowsTogether) this.rows(level)
    else this.emitter.loop(`$i${level}`, 0, this.step.lengths[level] * ELEMENT, ELEMENT, () => this.level(level + 1))
    for (const statement of opening) this.close(statement, 0, level)
  }

  private canRunRowsTogether(): boolean {
    return (
      this.isVectorised &&
      this.registers.length > 0 &&
      this.registers.every(({ axes }) => axes.length === 1) &&
      this.step.statements.length <= SHORT_BODY
    )
  }

  private rows(axis: number): void {
    const length = this.step.lengths[axis]
    const together = length - (length % ROWS_TOGETHER)
    const block = (rowCount: number) => () => {
      for (let row = 0; row < rowCount; row++) for (const statement of this.registers) this.open(statement, row)
      this.innermost(rowCount)
      for (let row = 0; row < rowCount; row++) for (const statement of this.registers) this.close(statement, row, this.inner)
    }
    this.emitter.loop(`$i${axis}`, 0, together * ELEMENT, ROWS_TOGETHER * ELEMENT, block(ROWS_TOGETHER))
    this.emitter.loop(`$i${axis}`, together * ELEMENT, length * ELEMENT, ELEMENT, block(1))
  }

  private open(statement: Reduce, row: number): void {
    this.emitter.set(total(statement, row), 'v128', `(v128.const f64x2 ${reductions[statement.reduction].identity})`)
  }

  private close(statement: Reduce, row: number, level: number): void {
    const sum = `(local.get ${total(statement, row)})`
    const { combine } = reductions[statement.reduction]
    const strides = statement.strides.slice(0, level)
    const offset = (statement.store + row * (strides[this.inner - 1] ?? 0)) * ELEMENT
    const swapped = `(f64x2.splat (f64x2.extract_lane 1 ${sum}))`
    this.emitter.line(`(f64.store offset=${offset} ${dynamicAddress(strides)} (f64x2.extract_lane 0 ${combine(sum, swapped)}))`)
  }

  private innermost(rowCount: number): void {
    this.bases.clear()
    const rows = Array.from({ length: rowCount }, (_, row) => row)
    if (this.depth === 0) {
      this.body({ row: 0, shift: 0, isFixed: true, isVector: false })
      return
    }
    const length = this.step.lengths[this.inner]
    const index = `$i${this.inner}`
    for (const row of rows) this.hoist(row)
    if (!this.isVectorised) {
      this.emitter.loop(index, 0, length * ELEMENT, ELEMENT, () =>
        this.body({ row: 0, shift: 0, isFixed: false, isVector: false }),
      )
      return
    }
    const unroll = this.step.statements.length <= SHORT_BODY ? 2 : 1
    const vectorCount = Math.floor(length / 2)
    const looped = vectorCount - (vectorCount % unroll)
    this.emitter.loop(index, 0, looped * VECTOR, unroll * VECTOR, () => {
      for (let copy = 0; copy < unroll; copy++)
        for (const row of rows) this.body({ row, shift: 2 * copy, isFixed: false, isVector: true })
    })
    for (let rest = looped; rest < vectorCount; rest++)
      for (const row of rows) this.body({ row, shift: 2 * rest, isFixed: true, isVector: true })
    if (length % 2 === 1) for (const row of rows) this.body({ row, shift: length - 1, isFixed: true, isVector: false })
  }

  /** Loads what stays the same along the innermost axis, and the part of addresses that does. */
  private hoist(row: number): void {
    for (const statement of this.step.statements)
      for (const operand of memoryOperands(statement)) {
        this.base(operand.strides)
        if (operand.strides[this.inner] === 0)
          this.emitter.set(fixedName(operand, row), 'v128', this.load(operand, { row, shift: 0, isFixed: true, isVector: false }))
      }
  }

  /** Local that holds the address over the outer axes for these strides. */
  private base(strides: readonly number[]): string {
    const outer = strides.slice(0, this.inner)
    if (outer.every((stride) => stride === 0)) return ''
    const key = outer.join()
    const known = this.bases.get(key)
    if (known) return known
    const name = `$base${this.bases.size}`
    this.emitter.set(name, 'i32', dynamicAddress(outer))
    this.bases.set(key, name)
    return name
  }

  /** Dynamic address and constant offset in bytes of an element. */
  private address(
    offset: number,
    strides: readonly number[],
    { row, shift, isFixed }: Place,
  ): { dynamic: string; constant: number } {
    const innerStride = this.depth === 0 ? 0 : strides[this.inner]
    const rowStride = this.depth >= 2 ? strides[this.inner - 1] : 0
    const constant = (offset + row * rowStride + shift * innerStride) * ELEMENT
    const terms: string[] = []
    const base = this.depth === 0 ? '' : this.base(strides)
    if (base) terms.push(`(local.get ${base})`)
    if (!isFixed && innerStride !== 0)
      terms.push(
        innerStride === 1 ? `(local.get $i${this.inner})` : `(i32.mul (local.get $i${this.inner}) (i32.const ${innerStride}))`,
      )
    const dynamic = terms.length === 0 ? '(i32.const 0)' : terms.reduce((sum, term) => `(i32.add ${sum} ${term})`)
    // With a negative stride the dynamic part may be negative, which only the sum of both is sure not to be.
    return strides.some((stride) => stride < 0)
      ? { dynamic: `(i32.add ${dynamic} (i32.const ${constant}))`, constant: 0 }
      : { dynamic, constant }
  }

  private load(operand: MemoryOperand, place: Place): string {
    const { dynamic, constant } = this.address(operand.offset, operand.strides, place)
    const isContiguous = place.isVector && operand.strides[this.inner] === 1
    return `(${isContiguous ? 'v128.load' : 'v128.load64_splat'} offset=${constant} ${dynamic})`
  }

  private body(place: Place): void {
    const loaded = new Map<string, string>()
    const read = (operand: Operand): string => {
      if (operand.kind === 'value') return `(local.get ${valueName(operand.id, place.row)})`
      if (operand.kind === 'number') return constantVector(operand.value)
      if (this.depth > 0 && operand.strides[this.inner] === 0) return `(local.get ${fixedName(operand, place.row)})`
      const text = this.load(operand, place)
      let name = loaded.get(text)
      if (!name) {
        name = `$load${loaded.size}_${place.row}`
        this.emitter.set(name, 'v128', text)
        loaded.set(text, name)
      }
      return `(local.get ${name})`
    }
    for (const statement of this.step.statements) {
      if (statement.kind === 'map') this.map(statement, place, read)
      else this.reduce(statement, place, read)
    }
  }

  private map(statement: Extract<Statement, { kind: 'map' }>, place: Place, read: (operand: Operand) => string): void {
    const operands = statement.operands.map(read)
    const value = this.value(statement.function, operands)
    const name = valueName(statement.id, place.row)
    this.emitter.set(name, 'v128', value)
    if (statement.store !== undefined)
      this.store(statement.store, rowMajorStrides(this.step.lengths), place, `(local.get ${name})`)
  }

  private value(name: string, operands: readonly string[]): string {
    const [a, b = '', c = ''] = operands
    const inline = inlineFunctions[name]
    if (inline) return inline(a, b, c)
    const body = this.context.inline(name, operands)
    if (body) return this.emitter.inline(body)
    return `(call ${this.context.call(name, operands.length)} ${operands.join(' ')})`
  }

  private store(offset: number, strides: readonly number[], place: Place, value: string): void {
    const { dynamic, constant } = this.address(offset, strides, place)
    this.emitter.line(
      place.isVector
        ? `(v128.store offset=${constant} ${dynamic} ${value})`
        : `(f64.store offset=${constant} ${dynamic} (f64x2.extract_lane 0 ${value}))`,
    )
  }

  private reduce(statement: Reduce, place: Place, read: (operand: Operand) => string): void {
    const { identity, combine } = reductions[statement.reduction]
    const product = statement.factors.map(read).reduce((left, right) => `(f64x2.mul ${left} ${right})`)
    if (this.registers.includes(statement)) {
      const next = place.isVector ? product : `(f64x2.replace_lane 1 ${product} (f64.const ${identity}))`
      const name = total(statement, place.row)
      this.emitter.set(name, 'v128', combine(`(local.get ${name})`, next))
      return
    }
    const memory: MemoryOperand = { kind: 'memory', offset: statement.store, strides: statement.strides }
    this.store(statement.store, statement.strides, place, combine(this.load(memory, place), product))
  }
}

function valueName(id: number, row: number): string {
  return `$value${id}_${row}`
}

function fixedName({ offset, strides }: MemoryOperand, row: number): string {
  return `$fixed${offset}_${strides.join('_')}_${row}`
}
