/** Loads, stores and addresses as text, for kernels that move elements one by one. */
import type { KernelPrinter, Value } from '../call-kernel.js'

/** Bytes of a float64. */
export const ELEMENT = 8

export const local = (name: string): Value => `(local.get ${name})`
export const bytes = (count: number): Value => `(i32.const ${count * ELEMENT})`
/** An index in bytes of one element times a number of elements. */
export const times = (index: Value, elements: number): Value =>
  elements === 1 ? index : `(i32.mul ${index} (i32.const ${elements}))`
export const sum = (...addresses: readonly Value[]): Value => addresses.reduce((total, next) => `(i32.add ${total} ${next})`)

export type Width = 'f64' | 'v128'

/** One element, or two neighbours, at `offset` elements beyond an address in bytes. */
export const load = (width: Width, offset: number, address: Value = bytes(0)): Value =>
  `(${width}.load offset=${offset * ELEMENT} ${address})`
export const store = (width: Width, offset: number, address: Value, value: Value): string =>
  `(${width}.store offset=${offset * ELEMENT} ${address} ${value})`
export const add = (width: Width, a: Value, b: Value): Value => `(${width === 'f64' ? 'f64' : 'f64x2'}.add ${a} ${b})`
export const multiply = (width: Width, a: Value, b: Value): Value => `(${width === 'f64' ? 'f64' : 'f64x2'}.mul ${a} ${b})`
export const constant = (width: Width, value: number): Value => {
  const word = Number.isNaN(value) ? 'nan' : value
  return width === 'f64' ? `(f64.const ${word})` : `(v128.const f64x2 ${word})`
}

/** `body` for each of `length` neighbouring elements, two at a time while there are two; `$<index>` is their distance from the first in bytes. */
export function overElements(
  printer: KernelPrinter,
  index: string,
  length: number,
  body: (width: Width, at: Value) => void,
): void {
  const paired = length - (length % 2)
  printer.loop(index, 0, paired * ELEMENT, 2 * ELEMENT, () => body('v128', local(index)))
  if (length % 2 === 1) body('f64', bytes(paired))
}
