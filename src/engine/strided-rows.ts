import type { Shape } from './shape.js'

/** A place for every index of a shape: offset + index . strides. */
export interface Placement {
  readonly offset: number
  readonly strides: readonly number[]
}

/** `length` elements, at `to`, `to + toStep`, ... in one array and at `from`, `from + fromStep`, ... in the other. */
export type RowVisitor = (length: number, to: number, toStep: number, from: number, fromStep: number) => void

/** Visits all indices of a shape in row-major order, as few and as long rows as both placements allow. */
export function forEachRow(shape: Shape, to: Placement, from: Placement, visit: RowVisitor): void {
  if (shape.includes(0)) return
  const axes = mergedAxes(shape, to.strides, from.strides)
  const row = axes.pop() ?? ONE
  forEachStart(axes, to.offset, from.offset, (toStart, fromStart) => visit(row.length, toStart, row.to, fromStart, row.from))
}

/** out[to] = source[from] for every index of a shape, in whichever order is fast. */
export function copyPlaced(out: Float64Array, source: Float64Array, shape: Shape, to: Placement, from: Placement): void {
  if (shape.includes(0)) return
  const axes = nearestLast(mergedAxes(shape, to.strides, from.strides))
  const inner = axes.pop() ?? ONE
  const outer = axes.pop() ?? ONE
  forEachStart(axes, to.offset, from.offset, (toStart, fromStart) => {
    for (let j = 0; j < outer.length; j++) {
      const [target, origin] = [toStart + j * outer.to, fromStart + j * outer.from]
      for (let k = 0; k < inner.length; k++) out[target + k * inner.to] = source[origin + k * inner.from]
    }
  })
}

/** More write streams than this at a time are slower than reads far apart. */
const STREAM_COUNT = 64

/** A short axis whose elements lie side by side in the source goes last: the others are then read along the way. */
function nearestLast(axes: Axis[]): Axis[] {
  const near = axes.find((axis) => axis.from === 1 && axis.length <= STREAM_COUNT)
  return near === undefined ? axes : [...axes.filter((axis) => axis !== near), near]
}

/** The placements of the first elements of all rows, in row-major order. */
function forEachStart(
  axes: readonly Axis[],
  toStart: number,
  fromStart: number,
  visit: (to: number, from: number) => void,
): void {
  const index = axes.map(() => 0)
  let [to, from] = [toStart, fromStart]
  for (;;) {
    visit(to, from)
    let axis = axes.length - 1
    for (; axis >= 0; axis--) {
      to += axes[axis].to
      from += axes[axis].from
      if (++index[axis] < axes[axis].length) break
      to -= axes[axis].to * axes[axis].length
      from -= axes[axis].from * axes[axis].length
      index[axis] = 0
    }
    if (axis < 0) return
  }
}

interface Axis {
  length: number
  to: number
  from: number
}
const ONE: Readonly<Axis> = { length: 1, to: 0, from: 0 }

/** Axes of length one dropped; neighbours that both placements run through without a jump made one. */
function mergedAxes(shape: Shape, to: readonly number[], from: readonly number[]): Axis[] {
  const merged: Axis[] = []
  shape.forEach((length, axis) => {
    if (length === 1) return
    const outer = merged.at(-1)
    if (outer && outer.to === to[axis] * length && outer.from === from[axis] * length) {
      outer.length *= length
      outer.to = to[axis]
      outer.from = from[axis]
    } else merged.push({ length, to: to[axis], from: from[axis] })
  })
  return merged
}
