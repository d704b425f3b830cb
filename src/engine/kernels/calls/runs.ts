import type { KernelPrinter, Value } from '../call-kernel.js'
import { bytes, ELEMENT, local, overElements, sum, times, type Width } from './memory-text.js'

/** Prints routines that run along the middle axis of `[outer, length, inner]`, each run with a total of its own. */
export interface RunShape {
  readonly outer: number
  readonly length: number
  readonly inner: number
}

export interface Run {
  /** Local of the running total. */
  readonly total: string
  readonly width: Width
}
/** An element: so many elements beyond an address in bytes. */
export interface Place {
  readonly offset: number
  readonly address: Value
}
export interface RunVisitor {
  /** From the last element to the first. */
  readonly isReversed: boolean
  begin(run: Run): void
  step(run: Run, place: Place): void
}

/** Elements up to which they are printed one by one. */
const UNROLLED_ELEMENTS = 256
/** Runs that go together, which hides the latency of their totals. */
const RUNS_TOGETHER = 4
const UNROLLED_RUNS_TOGETHER = 12

interface PlacedRun extends Run {
  readonly start: Place
}

/** Runs over single numbers go several together; runs over an inner axis take two neighbours in one vector. */
export function printRuns(printer: KernelPrinter, shape: RunShape, visitor: RunVisitor): void {
  const { outer, length, inner } = shape
  if (outer * length * inner === 0) return
  const go = (runs: readonly PlacedRun[]) => along(printer, shape, runs, visitor)
  const run = (position: number, width: Width, start: Place): PlacedRun => ({ total: `$total${width}${position}`, width, start })
  const isUnrolled = isShort(shape)
  if (inner > 1) {
    printer.loop('$outer', 0, outer * ELEMENT, ELEMENT, () =>
      overElements(printer, '$k', inner, (width, at) =>
        go([run(0, width, { offset: 0, address: sum(times(local('$outer'), length * inner), at) })]),
      ),
    )
  } else if (isUnrolled) {
    for (let first = 0; first < outer; first += UNROLLED_RUNS_TOGETHER) {
      const count = Math.min(UNROLLED_RUNS_TOGETHER, outer - first)
      const start = (position: number) => ({ offset: (first + position) * length, address: bytes(0) })
      go(Array.from({ length: count }, (_, position) => run(position, 'f64', start(position))))
    }
  } else {
    const together = outer - (outer % RUNS_TOGETHER)
    const block = (count: number) => () =>
      go(
        Array.from({ length: count }, (_, position) =>
          run(position, 'f64', { offset: position * length, address: times(local('$outer'), length) }),
        ),
      )
    printer.loop('$outer', 0, together * ELEMENT, RUNS_TOGETHER * ELEMENT, block(RUNS_TOGETHER))
    printer.loop('$outer', together * ELEMENT, outer * ELEMENT, ELEMENT, block(1))
  }
}

function isShort({ outer, length, inner }: RunShape): boolean {
  return outer * length * inner <= UNROLLED_ELEMENTS
}

function along(printer: KernelPrinter, shape: RunShape, runs: readonly PlacedRun[], visitor: RunVisitor): void {
  const { length, inner } = shape
  runs.forEach((run) => {
    visitor.begin(run)
  })
  if (isShort(shape)) {
    for (let step = 0; step < length; step++)
      for (const run of runs) {
        const index = visitor.isReversed ? length - 1 - step : step
        visitor.step(run, { offset: run.start.offset + index * inner, address: run.start.address })
      }
    return
  }
  printer.loop('$step', 0, length * ELEMENT, ELEMENT, () => {
    // An address must not be negative before its offset is added, so the way back is counted from the last element.
    const moved = times(local('$step'), inner)
    const along = visitor.isReversed ? `(i32.sub ${bytes((length - 1) * inner)} ${moved})` : moved
    for (const run of runs) visitor.step(run, { offset: run.start.offset, address: sum(run.start.address, along) })
  })
}
