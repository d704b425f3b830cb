import type { CallArguments, CallKernel, KernelPrinter } from '../call-kernel.js'
import { bytesOf } from './gather.js'
import { add, bytes, constant, ELEMENT, load, local, overElements, store, sum, times } from './memory-text.js'

/** Terms up to which they are printed one by one. */
const UNROLLED_TERMS = 400
/** Sums of one segment that run together, which hides their latency. */
const SUMS_TOGETHER = 4
/** Terms of a segment from which on that is worth it. */
const LONG = 8

/**
 * Sums of the rows of a source that share an identifier; rows whose identifier is no segment are left out. Operands: source `[row, inner]`, identifiers `[row]`;
 * result `[segment, inner]`. settings: segments, inner, rows.
 *
 * The WebAssembly form adds in the same order, except for segments of eight rows and more, of which it may run four sums at a time.
 */
export const segmentSum: CallKernel = {
  javascript: (memory, [source, ids], [out], [segmentCount, inner, idCount]) => {
    memory.fill(0, out, out + segmentCount * inner)
    for (let i = 0; i < idCount; i++) {
      const segment = memory[ids + i]
      if (!(segment >= 0 && segment < segmentCount)) continue
      for (let k = 0; k < inner; k++) memory[out + segment * inner + k] += memory[source + i * inner + k]
    }
  },
  webAssembly(printer, call) {
    const [segmentCount, inner, idCount] = call.settings
    const ids = idCount === 0 ? new Float64Array(0) : call.constants[1]
    if (segmentCount * inner === 0) return
    if (!ids) printAnywhere(printer, call)
    else if ((idCount + segmentCount) * inner <= UNROLLED_TERMS) printTerms(printer, call, ids)
    else if (inner === 1) printBySegment(printer, call, ids)
    else printByRow(printer, call, ids)
  },
}

/** Rows of each segment, in order. */
function rowsBySegment(ids: Float64Array, segmentCount: number): number[][] {
  const rows = Array.from({ length: segmentCount }, (): number[] => [])
  ids.forEach((id, row) => {
    rows[id]?.push(row)
  })
  return rows
}

function printTerms(printer: KernelPrinter, { operands, results, settings }: CallArguments, ids: Float64Array): void {
  const [segmentCount, inner] = settings
  rowsBySegment(ids, segmentCount).forEach((rows, segment) => {
    overElements(printer, '$k', inner, (width, at) => {
      const terms = rows.map((row) => load(width, operands[0] + row * inner, at))
      const chains = terms.length < LONG ? 1 : SUMS_TOGETHER
      const sums = Array.from({ length: chains }, (_, chain) => terms.filter((_, position) => position % chains === chain))
      const chained = sums.map((chain) => chain.reduce((left, right) => add(width, left, right), constant(width, 0)))
      const total = chained.reduce((left, right) => add(width, left, right))
      printer.line(store(width, results[0] + segment * inner, at, total))
    })
  })
}

/** Each segment's rows stand together in a table. */
function printBySegment(printer: KernelPrinter, { operands, results, settings }: CallArguments, ids: Float64Array): void {
  const segments = rowsBySegment(ids, settings[0])
  const table = printer.table(segments.flat().map((row) => row * ELEMENT))
  const term = (position: number) => load('f64', operands[0], `(i32.load offset=${table + position * ELEMENT} ${local('$i')})`)
  const totals = Array.from({ length: SUMS_TOGETHER }, (_, position) => `$total${position}`)
  let start = 0
  segments.forEach((rows, segment) => {
    const end = start + rows.length
    const together = rows.length - (rows.length % SUMS_TOGETHER)
    totals.forEach((total) => {
      printer.set(total, 'f64', '(f64.const 0)')
    })
    printer.loop('$i', start * ELEMENT, (start + together) * ELEMENT, SUMS_TOGETHER * ELEMENT, () =>
      totals.forEach((total, position) => {
        printer.set(total, 'f64', add('f64', local(total), term(position)))
      }),
    )
    printer.loop('$i', (start + together) * ELEMENT, end * ELEMENT, ELEMENT, () =>
      printer.set(totals[0], 'f64', add('f64', local(totals[0]), term(0))),
    )
    const total = totals.map(local).reduce((left, right) => add('f64', left, right))
    printer.line(store('f64', results[0] + segment, bytes(0), total))
    start = end
  })
}

function clear(printer: KernelPrinter, { results, settings }: CallArguments): void {
  overElements(printer, '$k', settings[0] * settings[1], (width, at) =>
    printer.line(store(width, results[0], at, constant(width, 0))),
  )
}

function addRow(printer: KernelPrinter, { operands, results, settings }: CallArguments): void {
  overElements(printer, '$k', settings[1], (width, at) => {
    const target = sum(local('$to'), at)
    const term = load(width, operands[0], sum(times(local('$i'), settings[1]), at))
    printer.line(store(width, results[0], target, add(width, load(width, results[0], target), term)))
  })
}

function printByRow(printer: KernelPrinter, call: CallArguments, ids: Float64Array): void {
  const [segmentCount, inner] = call.settings
  clear(printer, call)
  const isInside = (id: number) => id >= 0 && id < segmentCount
  const table = printer.table(Array.from(ids, (id) => (isInside(id) ? id * inner * ELEMENT : -1)))
  const isEveryInside = ids.every(isInside)
  printer.loop('$i', 0, ids.length * ELEMENT, ELEMENT, () => {
    printer.set('$to', 'i32', `(i32.load offset=${table} ${local('$i')})`)
    if (!isEveryInside) printer.line(`(if (i32.ge_s ${local('$to')} (i32.const 0)) (then`)
    addRow(printer, call)
    if (!isEveryInside) printer.line('))')
  })
}

/** Identifiers that are computed. */
function printAnywhere(printer: KernelPrinter, call: CallArguments): void {
  const [segmentCount, inner, idCount] = call.settings
  const id = local('$id')
  clear(printer, call)
  printer.loop('$i', 0, idCount * ELEMENT, ELEMENT, () => {
    printer.set('$id', 'f64', load('f64', call.operands[1], local('$i')))
    printer.line(`(if (i32.and (f64.ge ${id} (f64.const 0)) (f64.lt ${id} (f64.const ${segmentCount}))) (then`)
    printer.set('$to', 'i32', times(bytesOf(id), inner))
    addRow(printer, call)
    printer.line('))')
  })
}
