import type { CallArguments, CallKernel, KernelPrinter } from '../call-kernel.js'
import { constant, ELEMENT, load, local, overElements, store, sum, times } from './memory-text.js'

/** Copies up to which they are printed one by one. */
const UNROLLED_COPIES = 400

/**
 * Elements of a source at given indices; NaN where an index is outside. Operands: source `[outer, length, inner]`, indices `[index]`; result
 * `[outer, index, inner]`. settings: outer, length of the gathered axis, inner, indices.
 */
export const gather: CallKernel = {
  javascript: (memory, [source, indices], [out], [outer, length, inner, indexCount]) => {
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < indexCount; i++) {
        const index = memory[indices + i]
        const from = source + (o * length + index) * inner
        const to = out + (o * indexCount + i) * inner
        const isInside = index >= 0 && index < length
        for (let k = 0; k < inner; k++) memory[to + k] = isInside ? memory[from + k] : Number.NaN
      }
  },
  webAssembly(printer, call) {
    const [outer, length, inner, indexCount] = call.settings
    const indices = call.constants[1]
    if (outer * inner * indexCount === 0) return
    if (!indices || indices.some((index) => !(index >= 0 && index < length))) printAnywhere(printer, call)
    else if (outer * inner * indexCount <= UNROLLED_COPIES) printCopies(printer, call, indices)
    else printByTable(printer, call, indices)
  },
}

function printCopies(printer: KernelPrinter, { operands, results, settings }: CallArguments, indices: Float64Array): void {
  const [outer, length, inner] = settings
  for (let o = 0; o < outer; o++)
    indices.forEach((index, i) => {
      const from = operands[0] + (o * length + index) * inner
      const to = results[0] + (o * indices.length + i) * inner
      overElements(printer, '$k', inner, (width, at) => printer.line(store(width, to, at, load(width, from, at))))
    })
}

function printByTable(printer: KernelPrinter, { operands, results, settings }: CallArguments, indices: Float64Array): void {
  const [outer, length, inner, indexCount] = settings
  const table = printer.table(Array.from(indices, (index) => index * inner * ELEMENT))
  printer.loop('$outer', 0, outer * ELEMENT, ELEMENT, () => {
    printer.set('$source', 'i32', times(local('$outer'), length * inner))
    printer.set('$target', 'i32', times(local('$outer'), indexCount * inner))
    printer.loop('$i', 0, indexCount * ELEMENT, ELEMENT, () => {
      printer.set('$from', 'i32', sum(local('$source'), `(i32.load offset=${table} ${local('$i')})`))
      printer.set('$to', 'i32', sum(local('$target'), times(local('$i'), inner)))
      overElements(printer, '$k', inner, (width, at) =>
        printer.line(store(width, results[0], sum(local('$to'), at), load(width, operands[0], sum(local('$from'), at)))),
      )
    })
  })
}

/** Indices that are computed, or not all inside. */
function printAnywhere(printer: KernelPrinter, { operands, results, settings }: CallArguments): void {
  const [outer, length, inner, indexCount] = settings
  const index = local('$index')
  printer.loop('$outer', 0, outer * ELEMENT, ELEMENT, () => {
    printer.set('$source', 'i32', times(local('$outer'), length * inner))
    printer.set('$target', 'i32', times(local('$outer'), indexCount * inner))
    printer.loop('$i', 0, indexCount * ELEMENT, ELEMENT, () => {
      printer.set('$index', 'f64', load('f64', operands[1], local('$i')))
      printer.set('$to', 'i32', sum(local('$target'), times(local('$i'), inner)))
      printer.line(`(if (i32.and (f64.ge ${index} (f64.const 0)) (f64.lt ${index} (f64.const ${length}))) (then`)
      printer.set('$from', 'i32', sum(local('$source'), times(bytesOf(index), inner)))
      overElements(printer, '$k', inner, (width, at) =>
        printer.line(store(width, results[0], sum(local('$to'), at), load(width, operands[0], sum(local('$from'), at)))),
      )
      printer.line(') (else')
      overElements(printer, '$k', inner, (width, at) =>
        printer.line(store(width, results[0], sum(local('$to'), at), constant(width, Number.NaN))),
      )
      printer.line('))')
    })
  })
}

/** A whole number as an address in bytes. */
export function bytesOf(index: string): string {
  return `(i32.shl (i32.trunc_sat_f64_s ${index}) (i32.const 3))`
}
