import type { Operand } from '../schedule.js'
import type { Emitter } from './emitter.js'
import { constantVector, dynamicAddress, ELEMENT, type MemoryOperand, type Reduce, total } from './loop-parts.js'
import { reductions } from './scalar-text.js'
import { chooseTiling, memoryFactors, type Stretch, stretches, type Tiling } from './tile.js'

/** Whether all that a reduction reads lies in memory, so that it can have a loop nest to itself. */
export function isContraction({ factors, axes }: Reduce): boolean {
  const read = factors.filter((factor) => factor.kind === 'memory')
  return (
    axes.length > 0 &&
    read.length > 0 &&
    factors.every((factor) => factor.kind !== 'value') &&
    read.every(({ strides }) => strides.every((stride) => stride >= 0))
  )
}

/** Prints a matrix product, or another reduction over memory, as loops over tiles. */
export function printContraction(statement: Reduce, lengths: readonly number[], emitter: Emitter): void {
  new ContractionPrinter(statement, lengths, emitter).print()
}

/** A running total within a tile: its place along each tiled axis, in elements from the beginning of the tile. */
interface Total {
  readonly name: string
  readonly shifts: readonly number[]
}

class ContractionPrinter {
  private readonly tiling: Tiling
  private readonly factors: readonly MemoryOperand[]

  constructor(
    private readonly statement: Reduce,
    private readonly lengths: readonly number[],
    private readonly emitter: Emitter,
  ) {
    this.tiling = chooseTiling(statement, lengths)
    this.factors = memoryFactors(statement)
  }

  print(): void {
    const tiled = this.tiling.tiles.map(({ axis }) => axis)
    const outer = this.lengths.flatMap((_, axis) => (tiled.includes(axis) || this.statement.axes.includes(axis) ? [] : [axis]))
    this.outerLoops(outer)
  }

  private outerLoops(axes: readonly number[]): void {
    const [axis, ...rest] = axes
    if (axis === undefined) this.tileLoops([])
    else this.emitter.loop(`$i${axis}`, 0, this.lengths[axis] * ELEMENT, ELEMENT, () => this.outerLoops(rest))
  }

  private tileLoops(chosen: readonly Stretch[]): void {
    const tile = this.tiling.tiles[chosen.length]
    if (!tile) {
      this.tile(chosen)
      return
    }
    for (const stretch of stretches(tile, this.lengths, this.tiling.vectorAxis)) {
      const step = stretch.length * (stretch.isVector ? 2 : 1)
      this.emitter.loop(`$i${tile.axis}`, stretch.start * ELEMENT, stretch.end * ELEMENT, step * ELEMENT, () =>
        this.tileLoops([...chosen, stretch]),
      )
    }
  }

  private tile(chosen: readonly Stretch[]): void {
    const totals = this.totals(chosen)
    const { identity } = reductions[this.statement.reduction]
    for (const { name } of totals) this.emitter.set(name, 'v128', `(v128.const f64x2 ${identity})`)
    const isVector = chosen.some((stretch) => stretch.isVector) || this.statement.axes.includes(this.tiling.vectorAxis ?? -1)
    this.reducedLoops(this.tiling.reducedAxes, totals, isVector)
    for (const one of totals) this.close(one, isVector)
  }

  private totals(chosen: readonly Stretch[]): Total[] {
    const shifts = chosen.reduce<number[][]>(
      (places, { length, isVector }) =>
        places.flatMap((place) => Array.from({ length }, (_, index) => [...place, index * (isVector ? 2 : 1)])),
      [[]],
    )
    return shifts.map((place, index) => ({ name: total(this.statement, index), shifts: place }))
  }

  private reducedLoops(axes: readonly number[], totals: readonly Total[], isVector: boolean): void {
    const [axis, ...rest] = axes
    if (rest.length > 0) {
      this.emitter.loop(`$i${axis}`, 0, this.lengths[axis] * ELEMENT, ELEMENT, () => this.reducedLoops(rest, totals, isVector))
      return
    }
    this.setPointers(axis)
    const isVectorised = axis === this.tiling.vectorAxis
    const width = isVectorised ? 2 : 1
    const whole = this.lengths[axis] - (this.lengths[axis] % width)
    this.emitter.loop(`$i${axis}`, 0, whole * ELEMENT, width * ELEMENT, () => {
      this.round(totals, isVector, false)
      this.movePointers(axis, width)
    })
    if (whole < this.lengths[axis]) this.round(totals, false, true)
  }

  /** To where each factor is read first, apart from its place within the tile. */
  private setPointers(innermost: number): void {
    this.factors.forEach(({ strides }, index) => {
      const outer = strides.map((stride, axis) => (axis === innermost ? 0 : stride))
      this.emitter.set(`$pointer${index}`, 'i32', dynamicAddress(outer))
    })
  }

  private movePointers(axis: number, width: number): void {
    this.factors.forEach(({ strides }, index) => {
      const step = strides[axis] * width * ELEMENT
      if (step > 0) this.emitter.set(`$pointer${index}`, 'i32', `(i32.add (local.get $pointer${index}) (i32.const ${step}))`)
    })
  }

  /** Adds one product to each total; the last element of an odd axis to one lane only. */
  private round(totals: readonly Total[], isVector: boolean, isRest: boolean): void {
    const { combine, identity } = reductions[this.statement.reduction]
    const loaded = new Map<string, string>()
    for (const { name, shifts } of totals) {
      const product = this.statement.factors
        .map((factor) => this.read(factor, shifts, isVector, loaded))
        .reduce((left, right) => `(f64x2.mul ${left} ${right})`)
      const next = isRest ? `(f64x2.replace_lane 1 ${product} (f64.const ${identity}))` : product
      this.emitter.set(name, 'v128', combine(`(local.get ${name})`, next))
    }
  }

  private read(factor: Operand, shifts: readonly number[], isVector: boolean, loaded: Map<string, string>): string {
    if (factor.kind === 'number') return constantVector(factor.value)
    const { offset, strides } = factor as MemoryOperand
    const shift = this.tiling.tiles.reduce((sum, { axis }, position) => sum + shifts[position] * strides[axis], 0)
    const isContiguous = isVector && this.tiling.vectorAxis !== undefined && strides[this.tiling.vectorAxis] === 1
    const pointer = `(local.get $pointer${this.factors.indexOf(factor as MemoryOperand)})`
    const text = `(${isContiguous ? 'v128.load' : 'v128.load64_splat'} offset=${(offset + shift) * ELEMENT} ${pointer})`
    let name = loaded.get(text)
    if (!name) {
      name = `$load${loaded.size}`
      this.emitter.set(name, 'v128', text)
      loaded.set(text, name)
    }
    return `(local.get ${name})`
  }

  private close({ name, shifts }: Total, isVector: boolean): void {
    const { store, strides, reduction, axes } = this.statement
    const { vectorAxis, tiles } = this.tiling
    const shift = tiles.reduce((sum, { axis }, position) => sum + shifts[position] * strides[axis], 0)
    const address = (more: number) => `offset=${(store + shift + more) * ELEMENT} ${dynamicAddress(strides)}`
    const value = `(local.get ${name})`
    const lane = (index: number, text: string) => `(f64x2.extract_lane ${index} ${text})`
    if (vectorAxis !== undefined && axes.includes(vectorAxis)) {
      const swapped = `(f64x2.splat ${lane(1, value)})`
      this.emitter.line(`(f64.store ${address(0)} ${lane(0, reductions[reduction].combine(value, swapped))})`)
    } else if (!isVector || vectorAxis === undefined) this.emitter.line(`(f64.store ${address(0)} ${lane(0, value)})`)
    else if (strides[vectorAxis] === 1) this.emitter.line(`(v128.store ${address(0)} ${value})`)
    else {
      this.emitter.line(`(f64.store ${address(0)} ${lane(0, value)})`)
      this.emitter.line(`(f64.store ${address(strides[vectorAxis])} ${lane(1, value)})`)
    }
  }
}
