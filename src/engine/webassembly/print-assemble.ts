import type { AssembleStep } from '../schedule.js'
import { sizeOf } from '../shape.js'
import { Emitter } from './emitter.js'
import { ELEMENT } from './loop-parts.js'

const VECTOR = 16

interface Copy {
  readonly lengths: readonly number[]
  readonly from: Place
  readonly to: Place
}
interface Place {
  readonly offset: number
  readonly strides: readonly number[]
}

/** Prints the copying of pieces into a filled array; two elements at a time where both sides are contiguous. */
export function printAssemble(name: string, { store, size, fill, pieces }: AssembleStep): string {
  const emitter = new Emitter()
  const covered = pieces.reduce((sum, piece) => sum + sizeOf(piece.lengths), 0)
  if (covered < size) printFill(emitter, store, size, fill)
  for (const piece of pieces) if (!piece.lengths.includes(0)) printCopy(emitter, mergeAxes(piece), 0)
  return emitter.function(name)
}

function printFill(emitter: Emitter, store: number, size: number, fill: number): void {
  const whole = size - (size % 2)
  emitter.loop('$fill', 0, whole * ELEMENT, VECTOR, () =>
    emitter.line(`(v128.store offset=${store * ELEMENT} (local.get $fill) (v128.const f64x2 ${fill}))`),
  )
  if (whole < size) emitter.line(`(f64.store offset=${(store + whole) * ELEMENT} (i32.const 0) (f64.const ${fill}))`)
}

/** Neighbouring axes that both sides run through with one stride become one; axes of length one disappear. */
function mergeAxes({ lengths, from, to }: Copy): Copy {
  const merged: { length: number; from: number; to: number }[] = []
  lengths.forEach((length, axis) => {
    if (length === 1) return
    const last = merged.at(-1)
    const inner = { length, from: from.strides[axis], to: to.strides[axis] }
    if (last && last.from === inner.from * length && last.to === inner.to * length)
      merged[merged.length - 1] = { ...inner, length: last.length * length }
    else merged.push(inner)
  })
  return {
    lengths: merged.map((axis) => axis.length),
    from: { offset: from.offset, strides: merged.map((axis) => axis.from) },
    to: { offset: to.offset, strides: merged.map((axis) => axis.to) },
  }
}

function printCopy(emitter: Emitter, copy: Copy, axis: number): void {
  const { lengths, from, to } = copy
  const inner = lengths.length - 1
  const one = () => emitter.line(`(f64.store ${address(to)} (f64.load ${address(from)}))`)
  if (axis > inner) one()
  else if (axis < inner || from.strides[inner] !== 1 || to.strides[inner] !== 1)
    emitter.loop(`$i${axis}`, 0, lengths[axis] * ELEMENT, ELEMENT, () => printCopy(emitter, copy, axis + 1))
  else {
    const whole = lengths[inner] - (lengths[inner] % 2)
    emitter.loop(`$i${inner}`, 0, whole * ELEMENT, VECTOR, () =>
      emitter.line(`(v128.store ${address(to)} (v128.load ${address(from)}))`),
    )
    if (whole === lengths[inner]) return
    emitter.set(`$i${inner}`, 'i32', `(i32.const ${whole * ELEMENT})`)
    one()
  }
}

/** Offset and dynamic part together, so that negative strides are sure to give a positive address. */
function address({ offset, strides }: Place): string {
  const terms = strides.flatMap((stride, axis) => {
    if (stride === 0) return []
    const index = `(local.get $i${axis})`
    return [stride === 1 ? index : `(i32.mul ${index} (i32.const ${stride}))`]
  })
  return [`(i32.const ${offset * ELEMENT})`, ...terms].reduce((sum, term) => `(i32.add ${sum} ${term})`)
}
